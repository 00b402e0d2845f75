using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>A repository of snapshots that the cluster knows: a shared folder, a bucket of S3, ...</summary>
/// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/snapshot-restore-apis.html</remarks>
internal sealed class SnapshotRepository(SearchTransport transport, string name, TimeProvider clock)
{
    /// <summary>The member of a snapshot's metadata that names the step that made it.</summary>
    private const string Mark = "belay";

    // A failed restore leaves its shards without a node; a moment without one is usual at its begin.
    private const int LooksWithoutWork = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>A snapshot; null when there is none.</summary>
    /// <exception cref="OperationException">Refused: the cluster knows no such repository.</exception>
    public async Task<SnapshotReading?> FindAsync(string snapshot, CancellationToken ct)
    {
        var answer = await transport.SendAsync(SearchRequest.Get(PathOf(snapshot), HttpStatusCode.NotFound), ct);
        if (answer.IsMissing && answer.Body.Text("error", "type") == "repository_missing_exception")
            throw OperationException.Refused(
                $"{transport.Place} knows no repository {name}: register it first (PUT _snapshot/{name})"
            );
        if (answer.IsMissing)
            return null;
        var found = answer.Body.GetProperty("snapshots")[0];
        return new SnapshotReading(
            found.Text("uuid") ?? "",
            found.Text("state") ?? "",
            found.Text("metadata", Mark),
            found.Find("failures") is { } failures && failures.GetArrayLength() > 0 ? failures[0].ToString() : null
        );
    }

    /// <summary>Begins to save one index.</summary>
    public Task BeginAsync(string snapshot, string index, string token, CancellationToken ct) =>
        transport.SendAsync(
            SearchRequest.Write(
                HttpMethod.Put,
                $"{PathOf(snapshot)}?wait_for_completion=false",
                new JsonObject
                {
                    ["indices"] = index,
                    ["include_global_state"] = false,
                    ["partial"] = false,
                    ["metadata"] = new JsonObject { [Mark] = token },
                }
            ),
            ct
        );

    /// <summary>Waits until a snapshot is whole.</summary>
    /// <exception cref="OperationException">Refused: it failed, or is a part only.</exception>
    public async IAsyncEnumerable<Progress> AwaitAsync(string snapshot, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var found = await FindAsync(snapshot, ct);
            switch (found?.State)
            {
                case SnapshotReading.Success:
                    yield break;
                case SnapshotReading.InProgress:
                    break;
                default:
                    throw OperationException.Refused(
                        $"{transport.Place}: the snapshot {snapshot} is {found?.State ?? "gone"}: {found?.Failure}"
                    );
            }
            yield return await ProgressAsync(snapshot, ct);
            await Task.Delay(Interval, clock, ct);
        }
    }

    /// <summary>Begins to restore an index, under another name if one is given; aliases and the block of writes stay behind.</summary>
    public Task RestoreAsync(string snapshot, string index, string into, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["indices"] = index,
            ["include_global_state"] = false,
            // The alias has moved on since: an index that brings its own would get the writes again.
            ["include_aliases"] = false,
            ["ignore_index_settings"] = new JsonArray("index.blocks.write"),
        };
        if (into != index)
            (body["rename_pattern"], body["rename_replacement"]) = (
                "(.+)",
                into.Replace("$", "\\$", StringComparison.Ordinal)
            );
        return transport.SendAsync(
            SearchRequest.Write(HttpMethod.Post, $"{PathOf(snapshot)}/_restore?wait_for_completion=false", body),
            ct
        );
    }

    /// <summary>Waits until a restored index serves.</summary>
    /// <exception cref="OperationException">Refused: a shard cannot be restored.</exception>
    public async IAsyncEnumerable<Progress> AwaitRestoredAsync(
        string index,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var idle = 0; idle < LooksWithoutWork; )
        {
            var health = (
                await transport.SendAsync(
                    SearchRequest.Get($"_cluster/health/{Uri.EscapeDataString(index)}?level=indices"),
                    ct
                )
            ).Body;
            if (health.Text("indices", index, "status") is "yellow" or "green")
                yield break;
            idle = health.Number("indices", index, "initializing_shards") > 0 ? 0 : idle + 1;
            yield return Progress.Say($"restoring {index}");
            await Task.Delay(Interval, clock, ct);
        }
        throw OperationException.Refused(
            $"{transport.Place}: {index} is not restored: a shard is on no node; GET _cluster/allocation/explain says why"
        );
    }

    /// <summary>Deletes a snapshot, also one under way.</summary>
    public Task DeleteAsync(string snapshot, CancellationToken ct) =>
        transport.SendAsync(
            new SearchRequest(HttpMethod.Delete, PathOf(snapshot))
            {
                Expected = [HttpStatusCode.NotFound],
                IsHarmlessToRepeat = true,
            },
            ct
        );

    private async Task<Progress> ProgressAsync(string snapshot, CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Get($"{PathOf(snapshot)}/_status", HttpStatusCode.NotFound),
            ct
        );
        var stats =
            answer.Body.Find("snapshots") is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() > 0
                ? all[0].Find("shards_stats")
                : null;
        return stats is { } known
            ? Progress.Count(known.Number("done"), known.Number("total"), "shards", $"saving into {name}")
            : Progress.Say($"saving into {name}");
    }

    private string PathOf(string snapshot) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"_snapshot/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(snapshot)}"
        );
}

/// <summary>A snapshot as the cluster describes it.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="State"><c>IN_PROGRESS</c>, <c>SUCCESS</c>, <c>PARTIAL</c>, <c>FAILED</c>, <c>INCOMPATIBLE</c>.</param>
/// <param name="MadeBy">The step that made it; null: none of ours.</param>
/// <param name="Failure">The first failure; null: there is none.</param>
internal sealed record SnapshotReading(string Uuid, string State, string? MadeBy, string? Failure)
{
    public const string Success = "SUCCESS";
    public const string InProgress = "IN_PROGRESS";
}
