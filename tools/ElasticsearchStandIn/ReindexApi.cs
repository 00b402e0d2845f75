using System.Globalization;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Copies and deletions as tasks: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/docs-reindex.html and docs-delete-by-query.html</summary>
internal sealed class ReindexApi(Cluster cluster)
{
    private const int CustomaryBatch = 1000;

    public Result Start(Call call)
    {
        var (source, dest) = (call.Json["source"]!, call.Json["dest"]!);
        var (from, to) = (source["index"]!.ToString(), dest["index"]!.ToString());
        var remote = source["remote"] as JsonObject;
        if (remote is not null)
            RemoteSource.RequireAllowed(remote, cluster.Options.Remotes);
        else
            cluster.Require(from);
        var place = remote is null ? "" : $"[host={remote["host"]} password=<<>>]";
        var task = Add("indices:data/write/reindex", $"reindex from {place}[{from}] to [{to}]", call);
        var work = new Work(task, source["size"]?.GetValue<int>() ?? CustomaryBatch, Pause(call, cluster.Options))
        {
            Proceeds = call.Json["conflicts"]?.ToString() == "proceed",
            RefreshesAtEnd = call["refresh"] == "true" ? to : null,
            One = document =>
            {
                var isExternal = dest["version_type"]?.ToString() is "external" or "external_gt" or "external_gte";
                var (_, isNew) = cluster
                    .Writable(to)
                    .Write(
                        document.Id,
                        (JsonObject)document.Source.DeepClone(),
                        new WriteCondition
                        {
                            Routing = document.Routing,
                            // docs-reindex.html: without a version type documents are dumped over what is there.
                            Version = isExternal ? document.Version : null,
                            VersionType = isExternal ? dest["version_type"]!.ToString() : "internal",
                        }
                    );
                (task.Created, task.Updated) = isNew
                    ? (task.Created + 1, task.Updated)
                    : (task.Created, task.Updated + 1);
            },
        };
        // A snapshot of the source: what is written later, and what is not refreshed yet, is not copied.
        _ = remote is null
            ? RunAsync(work, Found(from, source["query"]))
            : RunRemoteAsync(work, new RemoteSource(remote, from, source["query"]));
        return Result.Ok(new JsonObject { ["task"] = task.Id });
    }

    public Result StartDeleting(string name, Call call)
    {
        var index = cluster.Require(name);
        var task = Add("indices:data/write/delete/byquery", $"delete-by-query [{name}]", call);
        var work = new Work(task, CustomaryBatch, Pause(call, cluster.Options))
        {
            Proceeds = call["conflicts"] == "proceed",
            RefreshesAtEnd = call["refresh"] == "true" ? name : null,
            One = document =>
            {
                index.Delete(document.Id, new WriteCondition { IfSeqNo = document.SeqNo });
                task.Deleted++;
            },
        };
        _ = RunAsync(work, Found(name, call.Json["query"]));
        return Result.Ok(new JsonObject { ["task"] = task.Id });
    }

    private StandInTask Add(string action, string description, Call call)
    {
        var task = new StandInTask(cluster.Node, ++cluster.Number, action, description, call.OpaqueId);
        return cluster.Tasks[task.Id] = task;
    }

    private StoredDocument[] Found(string name, JsonNode? query)
    {
        var index = cluster.Require(name);
        index.Count("query_total");
        return [.. index.Visible.Values.Where(document => Query.Finds(query, index.Mappings, document))];
    }

    private async Task RunRemoteAsync(Work work, RemoteSource remote)
    {
        StoredDocument[] found;
        try
        {
            found = await remote.ReadAsync();
        }
        catch (Exception e) when (e is HttpRequestException or ApiException)
        {
            lock (cluster.Gate)
            {
                work.Task.Error = new JsonObject { ["type"] = "unavailable_shards_exception", ["reason"] = e.Message };
                work.Task.IsCompleted = true;
            }
            return;
        }
        await RunAsync(work, found);
    }

    private async Task RunAsync(Work work, StoredDocument[] found)
    {
        work.Task.Total = found.Length;
        foreach (var batch in found.Chunk(work.Batch))
        {
            await Task.Delay(work.Pause, cluster.Clock);
            lock (cluster.Gate)
            {
                // A node that has ended does nothing more, and nobody is told.
                if (work.Task.IsLost)
                    return;
                if (work.Task.IsCancelled || !Write(work, batch))
                    break;
                work.Task.Batches++;
            }
        }
        lock (cluster.Gate)
        {
            if (work.RefreshesAtEnd is { } name && cluster.Indices.TryGetValue(name, out var index))
                index.Refresh();
            work.Task.IsCompleted = !work.Task.IsLost;
        }
    }

    /// <returns>Whether it goes on: a failure ends it, of which all of the batch are told.</returns>
    private static bool Write(Work work, StoredDocument[] batch)
    {
        foreach (var document in batch)
        {
            try
            {
                work.One(document);
            }
            catch (ApiException e) when (e.Status == 409 && work.Proceeds)
            {
                work.Task.Conflicts++;
            }
            catch (ApiException e)
            {
                work.Task.Failures.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = document.Id,
                            ["cause"] = e.Cause(),
                            ["status"] = e.Status,
                        }
                );
            }
        }
        return work.Task.Failures.Count == 0;
    }

    // docs-reindex.html#docs-reindex-throttle: a batch is padded to the time that it may take.
    private static TimeSpan Pause(Call call, StandInOptions options) =>
        call["requests_per_second"] is { } rate
            ? TimeSpan.FromSeconds(
                (call.Json["source"]?["size"]?.GetValue<int>() ?? CustomaryBatch)
                    / double.Parse(rate, CultureInfo.InvariantCulture)
            )
            : options.BatchPause;

    private sealed record Work(StandInTask Task, int Batch, TimeSpan Pause)
    {
        public required bool Proceeds { get; init; }

        public required string? RefreshesAtEnd { get; init; }

        public required Action<StoredDocument> One { get; init; }
    }
}
