using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Belay.ElasticsearchStandIn;

/// <summary>Tasks: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/tasks.html. The list has those under way; one that has ended is known by its id alone.</summary>
internal sealed class TaskApi(Cluster cluster)
{
    public Result List(Call call)
    {
        var running = new JsonObject();
        foreach (var task in cluster.Tasks.Values.Where(task => !task.IsCompleted && IsAsked(task, call["actions"])))
            running[task.Id] = task.ToJson();
        return Result.Ok(
            new JsonObject { ["nodes"] = new JsonObject { [cluster.Node] = new JsonObject { ["tasks"] = running } } }
        );
    }

    public Result Get(string id)
    {
        var task =
            cluster.Tasks.GetValueOrDefault(id)
            ?? throw new ApiException(
                404,
                "resource_not_found_exception",
                $"task [{id}] isn't running and hasn't stored its results"
            );
        var answer = new JsonObject { ["completed"] = task.IsCompleted, ["task"] = task.ToJson() };
        if (task is { IsCompleted: true, Error: { } error })
            answer["error"] = error.DeepClone();
        else if (task.IsCompleted)
            answer["response"] = task.Response();
        return Result.Ok(answer);
    }

    /// <summary>It ends at its next batch, not at once.</summary>
    public Result Cancel(string id)
    {
        if (!cluster.Tasks.TryGetValue(id, out var task) || task.IsCompleted)
            throw new ApiException(404, "resource_not_found_exception", $"task [{id}] is not found");
        task.IsCancelled = true;
        return Result.Ok(new JsonObject { ["nodes"] = new JsonObject() });
    }

    private static bool IsAsked(StandInTask task, string? actions) =>
        (actions ?? "*").Split(',').Any(pattern => Matches(task.Action, pattern));

    private static bool Matches(string action, string pattern) =>
        Regex.IsMatch(
            action,
            "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
