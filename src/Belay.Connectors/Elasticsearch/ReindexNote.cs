using System.Text.Json;
using System.Text.Json.Serialization;

namespace Belay.Connectors.Elasticsearch;

/// <summary>How far a step is with its copy.</summary>
internal sealed record ReindexNote
{
    /// <summary>The id of the index that is filled.</summary>
    public required string Target { get; init; }

    /// <summary>Whether the target was empty when the step began.</summary>
    public required bool IntoEmpty { get; init; }

    /// <inheritdoc cref="ReindexState.Through"/>
    public JsonElement? Through { get; init; }

    /// <summary>The task that was started last; null: none yet.</summary>
    public string? Task { get; init; }

    /// <inheritdoc cref="ReindexState.Copy"/>
    public CopyMade? Copy { get; init; }
}

[JsonSerializable(typeof(ReindexNote))]
internal sealed partial class ReindexNoteJson : JsonSerializerContext;
