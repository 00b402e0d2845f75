using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index to copy into which, and which of its documents.</summary>
public sealed record ReindexInputs
{
    /// <summary>The cluster that has the target and does the work.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index that is copied.</summary>
    public required string From { get; init; }

    /// <summary>The index that gets the documents. It must be there, with its mappings.</summary>
    public required string To { get; init; }

    /// <summary>The cluster that has the source; the target's cluster must allow it (<c>reindex.remote.whitelist</c>, of OpenSearch <c>reindex.remote.allowlist</c>). Default: the target's own.</summary>
    [Connection("elasticsearch")]
    public string? FromConnection { get; init; }

    /// <summary>A date or a whole number that grows with each write of a document. It tells how far a copy came, and what was written since. Default: none.</summary>
    public string? Field { get; init; }

    /// <summary>Only documents whose field is at least this: the member <c>through</c> of an earlier copy's output. Default: all.</summary>
    public JsonElement? Since { get; init; }

    /// <summary>How much further back than <c>since</c> to begin, in milliseconds for dates and in numbers otherwise: for writers whose clocks differ, and writes that were under way. Default 60000.</summary>
    public long Overlap { get; init; } = 60_000;

    /// <summary>What becomes of documents that the source has no more; a reindex alone leaves them. Default <c>reconcile</c>.</summary>
    public Deletions Deletes { get; init; } = Deletions.Reconcile;

    /// <summary>The most documents a second. Default: as fast as the cluster can.</summary>
    public double? DocumentsPerSecond { get; init; }

    /// <summary>In how many parts the source is copied at the same time; only inside one cluster. Default 1.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>Documents in one batch; fewer where documents are large. Default 1000.</summary>
    public int Batch { get; init; } = 1000;

    internal IEnumerable<InputProblem> Problems()
    {
        foreach (var problem in IndexNames.Problems(("from", From), ("to", To)))
            yield return problem;
        if (From == To && (FromConnection ?? Connection) == Connection)
            yield return new InputProblem("to", "a copy leads to another index");
        if (Since is not null && Field is null)
            yield return new InputProblem("field", "since what is told by a field: name it");
        if (Slices < 1)
            yield return new InputProblem("slices", "at least 1 is expected");
        if (Slices > 1 && FromConnection is not null && FromConnection != Connection)
            yield return new InputProblem("slices", "a copy from another cluster cannot be cut in parts");
        if (DocumentsPerSecond <= 0)
            yield return new InputProblem("documents-per-second", "more than 0 is expected");
        if (Batch is < 1 or > 10_000)
            yield return new InputProblem("batch", "1 to 10000 documents are expected");
        if (Overlap < 0)
            yield return new InputProblem("overlap", "0 or more is expected");
    }
}

/// <summary>What becomes of documents that the source has no more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Deletions>))]
public enum Deletions
{
    /// <summary>They are deleted from the target; every id of the target is looked up in the source for it. Into an empty target nothing is looked up.</summary>
    [JsonStringEnumMemberName("reconcile")]
    Reconcile,

    /// <summary>They stay.</summary>
    [JsonStringEnumMemberName("leave")]
    Leave,
}

/// <summary>What there is of the copy.</summary>
public sealed record ReindexState
{
    /// <summary>How many documents the source has; 0 also when it was deleted after the copy.</summary>
    public required long SourceDocuments { get; init; }

    /// <summary>How many documents the target has; null when there is no target.</summary>
    public long? TargetDocuments { get; init; }

    /// <summary>What this step copied; null when it has not come to its end.</summary>
    public CopyMade? Copy { get; init; }

    /// <summary>The greatest value that <c>field</c> had before the copy was begun: all up to it is copied. Null: no field was named, or no document has it.</summary>
    public JsonElement? Through { get; init; }
}

/// <summary>A copy that came to its end.</summary>
public sealed record CopyMade
{
    /// <summary>Documents that were looked at.</summary>
    public required long Total { get; init; }

    /// <summary>Documents that were new to the target.</summary>
    public required long Created { get; init; }

    /// <summary>Documents of which the target had an earlier version.</summary>
    public required long Updated { get; init; }

    /// <summary>Documents that the cluster's own copy left though the target lacked them, or had them in an earlier version; they were copied one by one.</summary>
    public required long Repaired { get; init; }

    /// <summary>Documents that were deleted from the target.</summary>
    public required long Deleted { get; init; }

    /// <summary>Documents that the target had already, or that were turned away; what was lacking then stands in <c>repaired</c>.</summary>
    public required long Conflicts { get; init; }

    /// <summary>How often the cluster was too busy, and was asked again.</summary>
    public required long Retries { get; init; }
}
