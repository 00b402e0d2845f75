using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Belay.ElasticsearchStandIn;

/// <summary>A snapshot of one index.</summary>
internal sealed record StoredSnapshot
{
    public string Uuid { get; } = Guid.NewGuid().ToString("N")[..22];

    public required string Index { get; init; }

    public required JsonNode? Metadata { get; init; }

    public required DateTimeOffset DoneAt { get; init; }

    public required JsonObject Mappings { get; init; }

    public required JsonObject Settings { get; init; }

    public required IReadOnlyDictionary<string, JsonObject> Aliases { get; init; }

    public required ImmutableSortedDictionary<string, StoredDocument> Documents { get; init; }

    public required long SeqNo { get; init; }
}

/// <summary>Snapshots: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/snapshot-restore-apis.html</summary>
internal sealed class SnapshotApi(Cluster cluster)
{
    public Result Register(string repository)
    {
        cluster.Repositories.TryAdd(repository, new(StringComparer.Ordinal));
        return Result.Acknowledged;
    }

    /// <summary>It answers when it has begun; what is written from then on is not in it.</summary>
    public Result Create(string repository, string name, JsonObject body)
    {
        var known = Require(repository);
        if (known.ContainsKey(name))
            throw new ApiException(
                400,
                "invalid_snapshot_name_exception",
                $"[{repository}:{name}] Invalid snapshot name [{name}], snapshot with the same name already exists"
            );
        var index = cluster.Require(body["indices"]!.ToString());
        known[name] = new StoredSnapshot
        {
            Index = index.Name,
            Metadata = body["metadata"]?.DeepClone(),
            DoneAt = cluster.Clock.GetUtcNow() + cluster.Options.SnapshotTime,
            Mappings = (JsonObject)index.Mappings.DeepClone(),
            Settings = (JsonObject)index.Settings.DeepClone(),
            Aliases = index.Aliases.ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal),
            Documents = index.Live,
            SeqNo = index.SeqNo,
        };
        return Result.Ok(new JsonObject { ["accepted"] = true });
    }

    public Result Get(string repository, string name) => Result.Ok(Listed([(name, Find(repository, name))]));

    public Result All(string repository) =>
        Result.Ok(Listed([.. Require(repository).Select(pair => (pair.Key, pair.Value))]));

    public Result Status(string repository, string name)
    {
        var snapshot = Find(repository, name);
        var isDone = StateOf(snapshot) == "SUCCESS";
        return Result.Ok(
            new JsonObject
            {
                ["snapshots"] = new JsonArray(
                    new JsonObject
                    {
                        ["snapshot"] = name,
                        ["state"] = StateOf(snapshot),
                        ["shards_stats"] = new JsonObject { ["done"] = isDone ? 1 : 0, ["total"] = 1 },
                    }
                ),
            }
        );
    }

    /// <summary>One that is in progress is ended.</summary>
    public Result Delete(string repository, string name)
    {
        Find(repository, name);
        Require(repository).Remove(name);
        return Result.Acknowledged;
    }

    /// <summary>restore-snapshot-api.html: under another name, or over a closed index; it answers when it has begun.</summary>
    public Result Restore(string repository, string name, JsonObject body)
    {
        var snapshot = Find(repository, name);
        if (StateOf(snapshot) != "SUCCESS" || body["indices"]?.ToString() != snapshot.Index)
            throw Refused(
                repository,
                name,
                $"the snapshot is {StateOf(snapshot)}, or has no index [{body["indices"]}]"
            );
        var target = body["rename_pattern"] is { } pattern
            ? Regex.Replace(
                snapshot.Index,
                pattern.ToString(),
                body["rename_replacement"]!.ToString(),
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            )
            : snapshot.Index;
        if (cluster.Indices.TryGetValue(target, out var known) && !known.IsClosed)
            throw Refused(
                repository,
                name,
                $"cannot restore index [{target}] because an open index with same name already exists in the cluster. Either close or delete the existing index"
            );
        var settings = (JsonObject)snapshot.Settings.DeepClone();
        foreach (var ignored in body["ignore_index_settings"]?.AsArray() ?? [])
            settings.Remove(ignored!.ToString());
        cluster.Indices.Remove(target);
        var index = cluster.Create(target, snapshot.Mappings, settings);
        index.Fill(snapshot.Documents, snapshot.SeqNo);
        index.RecoversUntil = cluster.Clock.GetUtcNow() + cluster.Options.SnapshotTime;
        // A closed index keeps the aliases that it has; those of the snapshot come along unless they are left out.
        var aliases = body["include_aliases"]?.ToString() == "false" ? known?.Aliases : snapshot.Aliases;
        foreach (var (alias, properties) in aliases ?? new Dictionary<string, JsonObject>())
            index.Aliases[alias] = properties;
        return Result.Ok(new JsonObject { ["accepted"] = true });
    }

    private JsonObject Listed((string Name, StoredSnapshot Snapshot)[] found)
    {
        var listed = new JsonArray();
        foreach (var (name, snapshot) in found)
            listed.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["snapshot"] = name,
                        ["uuid"] = snapshot.Uuid,
                        ["state"] = StateOf(snapshot),
                        ["indices"] = new JsonArray(snapshot.Index),
                        ["metadata"] = snapshot.Metadata?.DeepClone(),
                        ["failures"] = new JsonArray(),
                    }
            );
        return new JsonObject { ["snapshots"] = listed };
    }

    private string StateOf(StoredSnapshot snapshot) =>
        cluster.Clock.GetUtcNow() < snapshot.DoneAt ? "IN_PROGRESS" : "SUCCESS";

    private StoredSnapshot Find(string repository, string name) =>
        Require(repository).GetValueOrDefault(name)
        ?? throw new ApiException(404, "snapshot_missing_exception", $"[{repository}:{name}] is missing");

    private Dictionary<string, StoredSnapshot> Require(string repository) =>
        cluster.Repositories.GetValueOrDefault(repository)
        ?? throw new ApiException(404, "repository_missing_exception", $"[{repository}] missing");

    private static ApiException Refused(string repository, string name, string why) =>
        new(500, "snapshot_restore_exception", $"[{repository}:{name}] {why}");
}
