using System.Text.Json;

namespace Belay.Connectors.Elasticsearch;

/// <summary>A document, or what was asked of it.</summary>
internal sealed record Document
{
    /// <summary>Its id; unique together with its routing.</summary>
    public required string Id { get; init; }

    /// <summary>What it is routed by; null: its id.</summary>
    public string? Routing { get; init; }

    /// <summary>Its version: how often it was written, or what whoever wrote it gave it.</summary>
    public required long Version { get; init; }

    /// <summary>The number of its last write in its shard.</summary>
    public required long SeqNo { get; init; }

    /// <summary>The term of the primary shard that numbered it.</summary>
    public required long PrimaryTerm { get; init; }

    /// <summary>Its content; of kind undefined when it was not asked for.</summary>
    public JsonElement Source { get; init; }
}
