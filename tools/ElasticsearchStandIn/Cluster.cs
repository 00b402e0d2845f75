using System.Text.Json;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>What the stand-in holds. Whoever uses it holds <see cref="Gate"/>.</summary>
internal sealed class Cluster(StandInOptions options)
{
    public StandInOptions Options => options;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public Lock Gate { get; } = new();

    public string Uuid { get; } = Guid.NewGuid().ToString("N")[..22];

    /// <summary>The id of the node; another one after a restart.</summary>
    public string Node { get; private set; } = Guid.NewGuid().ToString("N")[..22];

    public SortedDictionary<string, StoredIndex> Indices { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Scroll> Scrolls { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, StandInTask> Tasks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Dictionary<string, StoredSnapshot>> Repositories { get; } =
        new(StringComparer.Ordinal) { ["backups"] = new(StringComparer.Ordinal) };

    public int Number { get; set; }

    /// <summary>The index of a name or of an alias.</summary>
    public StoredIndex Require(string name) =>
        Indices.GetValueOrDefault(name)
        ?? PointedAtBy(name) switch
        {
            [var only] => only,
            [] => throw ApiException.NoIndex(name),
            _ => throw new ApiException(
                400,
                "illegal_argument_exception",
                $"alias [{name}] has more than one index associated with it"
            ),
        };

    /// <summary>The index to write to; made with guessed mappings when there is none (docs-index_.html#index-creation).</summary>
    public StoredIndex Writable(string name) =>
        Indices.ContainsKey(name) || PointedAtBy(name).Count > 0 ? Require(name) : Create(name, [], []);

    public IReadOnlyList<StoredIndex> PointedAtBy(string alias) =>
        [.. Indices.Values.Where(index => index.Aliases.ContainsKey(alias))];

    public StoredIndex Create(string name, JsonObject mappings, JsonObject settings)
    {
        if (Indices.ContainsKey(name))
            throw new ApiException(400, "resource_already_exists_exception", $"index [{name}] already exists");
        if (PointedAtBy(name).Count > 0)
            throw new ApiException(
                400,
                "invalid_index_name_exception",
                $"Invalid index name [{name}], already exists as alias"
            );
        var kept = new JsonObject { ["index.number_of_shards"] = "1", ["index.number_of_replicas"] = "1" };
        Set(kept, settings);
        return Indices[name] = new StoredIndex(name, (JsonObject)mappings.DeepClone(), kept, Clock);
    }

    /// <summary>Changes settings, given nested or flat, with or without <c>index.</c> in front; null takes one away.</summary>
    public static void Set(JsonObject settings, JsonObject given, string prefix = "")
    {
        foreach (var (key, value) in given)
        {
            var name = prefix + key;
            if (value is JsonObject inner)
            {
                Set(settings, inner, name + ".");
                continue;
            }
            var full = name.StartsWith("index.", StringComparison.Ordinal) ? name : "index." + name;
            if (value is null)
                settings.Remove(full);
            else
                settings[full] = value.GetValueKind() == JsonValueKind.String ? value.ToString() : value.ToJsonString();
        }
    }

    /// <summary>The node ends and comes back: what was saved is there, what ran is gone, counters begin again.</summary>
    public void Restart()
    {
        Node = Guid.NewGuid().ToString("N")[..22];
        Scrolls.Clear();
        foreach (var task in Tasks.Values.Where(task => !task.IsCompleted).ToArray())
        {
            task.IsLost = true;
            Tasks.Remove(task.Id);
        }
        foreach (var index in Indices.Values)
            index.Counters.Clear();
    }
}

/// <summary>What is left to read of a search.</summary>
internal sealed record Scroll(string Index, IReadOnlyList<JsonObject> Hits, int Size)
{
    public int At { get; set; }

    public IEnumerable<JsonObject> Next()
    {
        var page = Hits.Skip(At).Take(Size).ToArray();
        At += page.Length;
        return page;
    }
}
