using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Work that a cluster does by itself, as tasks.</summary>
/// <remarks>
/// https://www.elastic.co/guide/en/elasticsearch/reference/8.15/tasks.html. A running task is found by the <c>X-Opaque-Id</c> of the request
/// that started it. One that has ended is no more in the list: its result is kept, by its id, in an index of the cluster. A task whose node
/// ends leaves nothing.
/// </remarks>
internal sealed class SearchTasks(SearchTransport transport)
{
    /// <summary>Starts one.</summary>
    /// <param name="path">What does the work, with its query.</param>
    /// <param name="body">Its body.</param>
    /// <param name="token">By what it is found again.</param>
    /// <param name="ct">Ends the request, not the task.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="OperationException">Outcome unknown: it may have begun.</exception>
    public async Task<string> StartAsync(string path, JsonNode body, string token, CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Write(HttpMethod.Post, path, body) with
            {
                OpaqueId = token,
            },
            ct
        );
        return answer.Body.Text("task")
            ?? throw OperationException.OutcomeUnknown($"{transport.Place}: {path} named no task");
    }

    /// <summary>The id of the task under way that this token started; null: none is.</summary>
    public async Task<string?> FindAsync(string token, CancellationToken ct)
    {
        var answer = await transport.SendAsync(SearchRequest.Get("_tasks?actions=*reindex,*byquery&detailed=true"), ct);
        // A node that did not answer may be the one at work.
        if (answer.Body.Find("node_failures") is { } failures && failures.GetArrayLength() > 0)
            throw OperationException.Transient($"{transport.Place}: not every node says which tasks it has");
        return answer
            .Body.GetProperty("nodes")
            .EnumerateObject()
            .SelectMany(node => node.Value.GetProperty("tasks").EnumerateObject())
            .Where(task =>
                task.Value.Text("headers", "X-Opaque-Id") == token && task.Value.Find("parent_task_id") is null
            )
            .Select(task => task.Name)
            .FirstOrDefault();
    }

    /// <summary>How far a task is; null when nobody knows of it any more.</summary>
    public async Task<TaskReading?> ReadAsync(string id, CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Get($"_tasks/{Uri.EscapeDataString(id)}", HttpStatusCode.NotFound),
            ct
        );
        return answer.IsMissing ? null : TaskReading.Of(answer.Body);
    }

    /// <summary>Ends the task under way that this token started, if one is, and waits until it has ended.</summary>
    public async Task CancelAsync(string token, TimeProvider clock, CancellationToken ct)
    {
        var pause = FirstPause;
        while (await FindAsync(token, ct) is { } id)
        {
            await transport.SendAsync(
                SearchRequest.Write(HttpMethod.Post, $"_tasks/{Uri.EscapeDataString(id)}/_cancel") with
                {
                    IsHarmlessToRepeat = true,
                    Expected = [HttpStatusCode.NotFound],
                },
                ct
            );
            await Task.Delay(pause, clock, ct);
            pause = Longer(pause);
        }
    }

    /// <summary>The first pause between two looks at a task.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);

    /// <summary>The next pause: twice as long, at most two seconds.</summary>
    public static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
}

/// <summary>How far a task that copies or deletes documents is.</summary>
internal sealed record TaskReading
{
    /// <summary>It has ended, well or not.</summary>
    public required bool IsCompleted { get; init; }

    /// <summary>Documents that it found.</summary>
    public required long Total { get; init; }

    /// <summary>Documents that it made.</summary>
    public required long Created { get; init; }

    /// <summary>Documents that it wrote over, for they were of an earlier version.</summary>
    public required long Updated { get; init; }

    /// <summary>Documents that it deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>Documents that it left, for they were there with the same version or a later one.</summary>
    public required long Conflicts { get; init; }

    /// <summary>How often it was turned away because the cluster was busy, and tried again.</summary>
    public required long Retries { get; init; }

    /// <summary>How long it has run.</summary>
    public required TimeSpan Ran { get; init; }

    /// <summary>Why it ended badly; null: it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Trying again may help.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Documents that it is done with.</summary>
    public long Done => Created + Updated + Deleted + Conflicts;

    /// <summary>What <c>GET _tasks/ID</c> says; numbers of a task that has ended stand in its response.</summary>
    public static TaskReading Of(JsonElement answer)
    {
        var completed = answer.IsTrue("completed");
        var status = answer.Find("response") ?? answer.Find("task", "status") ?? default;
        var (failure, isTransient) = completed ? FailureOf(answer) : (null, false);
        return new TaskReading
        {
            IsCompleted = completed,
            Total = status.Number("total"),
            Created = status.Number("created"),
            Updated = status.Number("updated"),
            Deleted = status.Number("deleted"),
            Conflicts = status.Number("version_conflicts"),
            Retries = status.Number("retries", "bulk") + status.Number("retries", "search"),
            Ran = TimeSpan.FromTicks(answer.Number("task", "running_time_in_nanos") / TimeSpan.NanosecondsPerTick),
            Failure = failure,
            IsTransient = isTransient,
        };
    }

    private static (string? Failure, bool IsTransient) FailureOf(JsonElement answer)
    {
        if (answer.Find("error") is { } error)
            return (SearchFailures.Reason(error), IsBusy(error.Text("type")));
        if (answer.Find("response", "failures") is { } failures && failures.GetArrayLength() > 0)
            return (
                string.Join("; ", failures.EnumerateArray().Take(MostNamed).Select(Words)),
                failures.EnumerateArray().All(failure => failure.Number("status") is 429 or 503)
            );
        if (answer.Text("response", "canceled") is { } why)
            return ($"somebody cancelled it: {why}", false);
        return answer.IsTrue("response", "timed_out") ? ("a search in it timed out", true) : (null, false);
    }

    private const int MostNamed = 3;

    private static string Words(JsonElement failure) =>
        $"document {failure.Text("id")}: {SearchFailures.Reason(failure.Find("cause") ?? failure.Find("reason") ?? failure)}";

    private static bool IsBusy(string? type) =>
        type is "es_rejected_execution_exception" or "circuit_breaking_exception" or "unavailable_shards_exception";
}
