using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Indices: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices.html</summary>
internal sealed class IndexApi(Cluster cluster)
{
    private static readonly string[] KnownSettings =
    [
        "index.number_of_shards",
        "index.number_of_replicas",
        "index.refresh_interval",
        "index.gc_deletes",
        "index.blocks.write",
    ];

    public Result Create(string name, JsonObject body)
    {
        var settings = new JsonObject();
        Cluster.Set(settings, body["settings"] as JsonObject ?? []);
        if (settings.Select(setting => setting.Key).FirstOrDefault(key => !KnownSettings.Contains(key)) is { } unknown)
            throw new ApiException(400, "illegal_argument_exception", $"unknown setting [{unknown}]");
        cluster.Create(name, body["mappings"] as JsonObject ?? [], settings);
        return Result.Ok(
            new JsonObject
            {
                ["acknowledged"] = true,
                ["shards_acknowledged"] = true,
                ["index"] = name,
            }
        );
    }

    /// <summary>By the name of an alias it gives the index itself, under the index's own name; by <c>BEGIN*</c> all that begin so.</summary>
    public Result Get(string name)
    {
        var found = name.EndsWith('*')
            ? cluster.Indices.Values.Where(index => index.Name.StartsWith(name[..^1], StringComparison.Ordinal))
            : [cluster.Require(name)];
        var answer = new JsonObject();
        foreach (var index in found)
            answer[index.Name] = Describe(index);
        return Result.Ok(answer);
    }

    private static JsonObject Describe(StoredIndex index)
    {
        var aliases = new JsonObject();
        foreach (var (alias, properties) in index.Aliases)
            aliases[alias] = properties.DeepClone();
        var settings = (JsonObject)index.Settings.DeepClone();
        settings["index.uuid"] = index.Uuid;
        settings["index.creation_date"] = index.Created;
        settings["index.provided_name"] = index.Name;
        if (index.IsClosed)
            settings["index.verified_before_close"] = "true";
        return new JsonObject
        {
            ["aliases"] = aliases,
            ["mappings"] = index.Mappings.DeepClone(),
            ["settings"] = settings,
        };
    }

    /// <summary>Also of an index that is in use; of an alias never (indices-delete-index.html).</summary>
    public Result Delete(string name)
    {
        if (!cluster.Indices.ContainsKey(name) && cluster.PointedAtBy(name).Count > 0)
            throw new ApiException(
                400,
                "illegal_argument_exception",
                $"The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead."
            );
        return cluster.Indices.Remove(name) ? Result.Acknowledged : throw ApiException.NoIndex(name);
    }

    /// <summary><c>_meta</c> takes the place of the one before; fields are added.</summary>
    public Result PutMapping(string name, JsonObject body)
    {
        var index = cluster.Require(name);
        var mappings = (JsonObject)index.Mappings.DeepClone();
        foreach (var (key, value) in body)
            mappings[key] = value?.DeepClone();
        index.SetMappings(mappings);
        return Result.Acknowledged;
    }

    public Result PutSettings(string name, JsonObject body)
    {
        Cluster.Set(cluster.Require(name).Settings, body);
        return Result.Acknowledged;
    }

    /// <summary>index-modules-blocks.html#add-index-block: with the answer no write is under way any more.</summary>
    public Result Block(string name)
    {
        var index = cluster.Require(name);
        index.RequireOpen();
        index.Settings["index.blocks.write"] = "true";
        return Result.Ok(
            new JsonObject
            {
                ["acknowledged"] = true,
                ["shards_acknowledged"] = true,
                ["indices"] = new JsonArray(new JsonObject { ["name"] = name, ["blocked"] = true }),
            }
        );
    }

    public Result Close(string name)
    {
        var index = cluster.Require(name);
        if (index.IsRecovering)
            throw new ApiException(
                400,
                "snapshot_in_progress_exception",
                $"Cannot close indices that are being restored: [{name}]"
            );
        index.IsClosed = true;
        return Result.Acknowledged;
    }

    public Result Refresh(string name)
    {
        var index = cluster.Require(name);
        index.RequireOpen();
        index.Refresh();
        return Result.Ok(new JsonObject { ["_shards"] = Shards() });
    }

    /// <summary>indices-stats.html: counters since the shards were opened; the number of the last write of each shard.</summary>
    public Result Stats(string name)
    {
        var index = cluster.Require(name);
        long Of(string counter) => index.Counters.GetValueOrDefault(counter);
        var total = new JsonObject
        {
            ["search"] = new JsonObject
            {
                ["query_total"] = Of("query_total"),
                ["scroll_total"] = Of("scroll_total"),
                ["suggest_total"] = 0,
            },
            ["get"] = new JsonObject { ["total"] = Of("get_total") },
            ["indexing"] = new JsonObject
            {
                ["index_total"] = Of("index_total"),
                ["delete_total"] = Of("delete_total"),
            },
        };
        var shard = new JsonObject
        {
            ["routing"] = new JsonObject { ["state"] = "STARTED", ["primary"] = true },
            ["seq_no"] = new JsonObject { ["max_seq_no"] = index.SeqNo },
        };
        return Result.Ok(
            new JsonObject
            {
                ["_shards"] = Shards(),
                ["_all"] = new JsonObject { ["total"] = total },
                ["indices"] = new JsonObject
                {
                    [index.Name] = new JsonObject { ["shards"] = new JsonObject { ["0"] = new JsonArray(shard) } },
                },
            }
        );
    }

    public static JsonObject Shards() =>
        new()
        {
            ["total"] = 1,
            ["successful"] = 1,
            ["failed"] = 0,
        };
}
