using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.Elasticsearch.Wire;

namespace Belay.Connectors.Elasticsearch;

/// <summary>An index as the cluster describes it (<c>GET /INDEX?flat_settings=true</c>).</summary>
internal sealed record IndexInfo
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The id that the cluster gave it; another index of the same name has another one.</summary>
    public required string Uuid { get; init; }

    /// <summary>The aliases that point at it.</summary>
    public required ImmutableArray<string> Aliases { get; init; }

    /// <summary>Its mappings.</summary>
    public required JsonElement Mappings { get; init; }

    /// <summary>Its settings, by their full names.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>Whether it refuses writes.</summary>
    public bool IsBlocked => Settings.IsTrue("index.blocks.write");

    /// <summary>Whether it is closed: it is there, and answers nothing.</summary>
    public bool IsClosed => Settings.IsTrue("index.verified_before_close");

    /// <summary>The step of a run that made it; null: nobody of ours.</summary>
    public string? MadeBy => Mappings.Text("_meta", Mark, MadeByStep);

    /// <summary>The run that made it; null: none of ours.</summary>
    public string? MadeIn => Mappings.Text("_meta", Mark, MadeInRun);

    /// <summary>The run whose reindex filled it; null: none.</summary>
    public string? FilledBy => Mappings.Text("_meta", Mark, FilledByRun);

    /// <summary>The member of <c>_meta</c> under which the connector notes whose work an index is.</summary>
    public const string Mark = "belay";

    /// <summary>The member of the mark that names the step that made the index.</summary>
    public const string MadeByStep = "made-by";

    /// <summary>The member of the mark that names the run of that step.</summary>
    public const string MadeInRun = "made-in";

    /// <summary>The member of the mark that names the run that filled it.</summary>
    public const string FilledByRun = "filled-by";
}
