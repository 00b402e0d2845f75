using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>A document, or what is remembered of one that was deleted.</summary>
internal sealed record StoredDocument
{
    public required string Id { get; init; }

    public string? Routing { get; init; }

    public required long Version { get; init; }

    public required long SeqNo { get; init; }

    public required JsonObject Source { get; init; }

    /// <summary>As searches, gets and copies show it.</summary>
    public JsonObject ToJson(string index, bool content)
    {
        var hit = new JsonObject
        {
            ["_index"] = index,
            ["_id"] = Id,
            ["_version"] = Version,
            ["_seq_no"] = SeqNo,
            ["_primary_term"] = 1,
        };
        if (Routing is not null)
            hit["_routing"] = Routing;
        if (content)
            hit["_source"] = Source.DeepClone();
        return hit;
    }
}

/// <summary>Under which condition a write holds.</summary>
internal sealed record WriteCondition
{
    public string? Routing { get; init; }

    public long? Version { get; init; }

    public string VersionType { get; init; } = "internal";

    public long? IfSeqNo { get; init; }

    public bool MustBeNew { get; init; }
}
