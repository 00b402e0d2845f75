using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>An index of one shard, in memory.</summary>
internal sealed class StoredIndex(string name, JsonObject mappings, JsonObject settings, TimeProvider clock)
{
    // index-modules.html: index.refresh_interval and index.gc_deletes.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultGcDeletes = TimeSpan.FromSeconds(60);
    private readonly Dictionary<string, (long Version, DateTimeOffset At)> tombstones = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, StoredDocument> live = ImmutableSortedDictionary.Create<
        string,
        StoredDocument
    >(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, StoredDocument> visible = ImmutableSortedDictionary.Create<
        string,
        StoredDocument
    >(StringComparer.Ordinal);
    private DateTimeOffset refreshed = clock.GetUtcNow();

    public string Name => name;

    public string Uuid { get; } = Guid.NewGuid().ToString("N")[..22];

    public string Created { get; } = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public JsonObject Mappings { get; private set; } = mappings;

    /// <summary>By their full names, all of them texts, as the server keeps them.</summary>
    public JsonObject Settings => settings;

    public Dictionary<string, JsonObject> Aliases { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public long SeqNo { get; private set; } = -1;

    public bool IsClosed { get; set; }

    public DateTimeOffset RecoversUntil { get; set; } = DateTimeOffset.MinValue;

    public bool IsRecovering => clock.GetUtcNow() < RecoversUntil;

    public bool IsBlocked => settings["index.blocks.write"]?.ToString() == "true";

    public bool HasReplicas => settings["index.number_of_replicas"]?.ToString() != "0";

    /// <summary>What searches see: what was written before the last refresh, which comes by itself once a second.</summary>
    public ImmutableSortedDictionary<string, StoredDocument> Visible
    {
        get
        {
            RequireOpen();
            if (clock.GetUtcNow() - refreshed >= RefreshInterval)
                Refresh();
            return visible;
        }
    }

    /// <summary>What gets by id see: everything at once.</summary>
    public ImmutableSortedDictionary<string, StoredDocument> Live => live;

    public void Count(string what, long times = 1) => Counters[what] = Counters.GetValueOrDefault(what) + times;

    public void Refresh() => (visible, refreshed) = (live, clock.GetUtcNow());

    public void Fill(ImmutableSortedDictionary<string, StoredDocument> documents, long seqNo)
    {
        (live, SeqNo) = (documents, seqNo);
        tombstones.Clear();
        Refresh();
    }

    public void SetMappings(JsonObject mappings) => Mappings = mappings;

    /// <exception cref="ApiException">It refuses writes, the version is not the one that it must be, or the document does not fit the mappings.</exception>
    public (StoredDocument Document, bool IsNew) Write(string id, JsonObject source, WriteCondition condition)
    {
        RequireWritable();
        Mappings = FieldTypes.Checked(Mappings, source);
        var known = live.GetValueOrDefault(id);
        var document = new StoredDocument
        {
            Id = id,
            Routing = condition.Routing,
            Version = NextVersion(id, known, condition),
            SeqNo = ++SeqNo,
            Source = source,
        };
        live = live.SetItem(id, document);
        tombstones.Remove(id);
        Count("index_total");
        return (document, known is null);
    }

    /// <returns>Whether it was there.</returns>
    public bool Delete(string id, WriteCondition condition)
    {
        RequireWritable();
        var known = live.GetValueOrDefault(id);
        tombstones[id] = (NextVersion(id, known, condition), clock.GetUtcNow());
        live = live.Remove(id);
        SeqNo++;
        Count("delete_total");
        return known is not null;
    }

    public void RequireOpen()
    {
        if (IsClosed)
            throw new ApiException(400, "index_closed_exception", "closed");
        if (IsRecovering)
            throw new ApiException(503, "no_shard_available_action_exception", $"No shard available for [{name}]");
    }

    private void RequireWritable()
    {
        RequireOpen();
        if (IsBlocked)
            throw new ApiException(
                403,
                "cluster_block_exception",
                $"index [{name}] blocked by: [FORBIDDEN/8/index write (api)];"
            );
    }

    // docs-index_.html#index-versioning and docs-delete.html#delete-versioning: a deletion is remembered for index.gc_deletes.
    private long NextVersion(string id, StoredDocument? known, WriteCondition condition)
    {
        var current =
            known?.Version
            ?? (tombstones.TryGetValue(id, out var dead) && clock.GetUtcNow() - dead.At < GcDeletes ? dead.Version : 0);
        if (condition.IfSeqNo is { } expected && known?.SeqNo != expected)
            throw Conflict(id, $"required seqNo [{expected}], current seqNo [{known?.SeqNo ?? -2}]");
        if (condition.MustBeNew && known is not null)
            throw Conflict(id, $"document already exists (current version [{current}])");
        if (condition.Version is not { } given)
            return current + 1;
        var isLater = condition.VersionType == "external_gte" ? given >= current : given > current;
        if (condition.VersionType == "internal" || (current > 0 && !isLater))
            throw Conflict(id, $"current version [{current}] is higher or equal to the one provided [{given}]");
        return given;
    }

    private TimeSpan GcDeletes =>
        settings["index.gc_deletes"]?.ToString() is { } given && given.EndsWith('h')
            ? TimeSpan.FromHours(int.Parse(given[..^1], CultureInfo.InvariantCulture))
            : DefaultGcDeletes;

    private static ApiException Conflict(string id, string why) =>
        new(409, "version_conflict_engine_exception", $"[{id}]: version conflict, {why}");
}
