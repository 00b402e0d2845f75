using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Work that goes on without its caller.</summary>
internal sealed class StandInTask(string node, int number, string action, string description, string? opaqueId)
{
    public string Id { get; } = $"{node}:{number}";

    public string Action => action;

    public long Started { get; } = TimeProvider.System.GetTimestamp();

    public int Total { get; set; }

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Deleted { get; set; }

    public int Conflicts { get; set; }

    public int Batches { get; set; }

    public bool IsCompleted { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>Its node has ended.</summary>
    public bool IsLost { get; set; }

    public JsonArray Failures { get; } = [];

    public JsonObject? Error { get; set; }

    /// <summary>As the list of tasks shows it (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/tasks.html).</summary>
    public JsonObject ToJson()
    {
        var headers = new JsonObject();
        if (opaqueId is not null)
            headers["X-Opaque-Id"] = opaqueId;
        return new JsonObject
        {
            ["node"] = node,
            ["id"] = number,
            ["type"] = "transport",
            ["action"] = action,
            ["description"] = description,
            ["status"] = Status(),
            ["running_time_in_nanos"] = (long)TimeProvider.System.GetElapsedTime(Started).TotalNanoseconds,
            ["cancellable"] = true,
            ["cancelled"] = IsCancelled,
            ["headers"] = headers,
        };
    }

    /// <summary>The result, as it is kept once the task has ended.</summary>
    public JsonObject Response()
    {
        var response = Status();
        response["timed_out"] = false;
        response["failures"] = Failures.DeepClone();
        if (IsCancelled)
            response["canceled"] = "by user request";
        return response;
    }

    private JsonObject Status() =>
        new()
        {
            ["total"] = Total,
            ["created"] = Created,
            ["updated"] = Updated,
            ["deleted"] = Deleted,
            ["batches"] = Batches,
            ["version_conflicts"] = Conflicts,
            ["noops"] = 0,
            ["retries"] = new JsonObject { ["bulk"] = 0, ["search"] = 0 },
        };
}
