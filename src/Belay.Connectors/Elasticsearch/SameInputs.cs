using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which two indices must hold the same.</summary>
public sealed record SameInputs
{
    /// <summary>The cluster that has the copy.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index whose documents are expected.</summary>
    public required string From { get; init; }

    /// <summary>The index that must have them.</summary>
    public required string To { get; init; }

    /// <summary>The cluster that has the source. Default: that of the copy.</summary>
    [Connection("elasticsearch")]
    public string? FromConnection { get; init; }

    /// <summary>About how many documents' contents are compared, one in every so many; ids and versions are always compared of all. Default 1000.</summary>
    public int Sample { get; init; } = 1000;

    /// <summary>Searches, as bodies of <c>_search</c>, that must find the same in both: as many hits, the same documents (in the same order where the search sorts), the same aggregations. Default: none.</summary>
    public ImmutableArray<JsonElement> Queries { get; init; } = [];

    internal IEnumerable<InputProblem> Problems()
    {
        foreach (var problem in IndexNames.Problems(("from", From), ("to", To)))
            yield return problem;
        if (Sample < 0)
            yield return new InputProblem("sample", "0 or more documents are expected");
        for (var i = 0; i < Queries.Length; i++)
        {
            if (Queries[i].ValueKind != JsonValueKind.Object)
                yield return new InputProblem($"queries.{i}", "a body of _search is expected, an object");
        }
    }
}

/// <summary>What two indices hold.</summary>
public sealed record SameState : ICompared
{
    /// <summary>The same in short: documents, the contents of the sample, and each search.</summary>
    public StoreComparison? Comparison { get; init; }

    /// <summary>Documents of the source, after a refresh.</summary>
    public required long SourceDocuments { get; init; }

    /// <summary>Documents of the target, after a refresh.</summary>
    public required long TargetDocuments { get; init; }

    /// <summary>Documents that the target lacks.</summary>
    public required long Missing { get; init; }

    /// <summary>Documents that the source has not.</summary>
    public required long Stray { get; init; }

    /// <summary>Documents of another version that say something else.</summary>
    public required long OtherVersion { get; init; }

    /// <summary>Documents whose contents were compared.</summary>
    public required long Sampled { get; init; }

    /// <summary>Documents of the same version that say something else.</summary>
    public required long OtherContent { get; init; }

    /// <summary>Each search, and what it found in both.</summary>
    public required ImmutableArray<ComparedQuery> Queries { get; init; }

    /// <summary>What differs, the first ten.</summary>
    public required ImmutableArray<string> Differences { get; init; }

    internal SameState Summed(SameInputs inputs) =>
        this with
        {
            Comparison = new StoreComparison
            {
                From = inputs.From,
                To = inputs.To,
                Parts =
                [
                    Part("ids and versions", SourceDocuments, Missing + Stray + OtherVersion) with
                    {
                        Examples = Differences,
                    },
                    Part("contents", Sampled, OtherContent) with
                    {
                        IsSample = Sampled < SourceDocuments,
                    },
                    .. Queries.Select(query =>
                        Part($"search {query.Query}", query.Listed, query.Same ? 0 : 1) with
                        {
                            Unit = "hits",
                            InFrom = query.InSource,
                            InTo = query.InTarget,
                            IsSample = query.Listed < query.InSource,
                        }
                    ),
                ],
            },
        };

    private ComparedPart Part(string name, long compared, long differing) =>
        new()
        {
            Name = name,
            Unit = "documents",
            InFrom = SourceDocuments,
            InTo = TargetDocuments,
            Compared = compared,
            IsSample = false,
            Differing = differing,
            Examples = [],
        };
}

/// <summary>A search in both indices.</summary>
public sealed record ComparedQuery
{
    /// <summary>The search.</summary>
    public required string Query { get; init; }

    /// <summary>What it found in the source.</summary>
    public required long InSource { get; init; }

    /// <summary>What it found in the target.</summary>
    public required long InTarget { get; init; }

    /// <summary>How many of the hits the answers listed, so that their ids were compared.</summary>
    public required long Listed { get; init; }

    /// <summary>Whether it found the same.</summary>
    public required bool Same { get; init; }
}
