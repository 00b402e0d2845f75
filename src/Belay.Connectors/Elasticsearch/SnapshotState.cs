using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>What there is of the backup.</summary>
public sealed record SnapshotState : ICompared
{
    /// <inheritdoc/>
    /// <remarks>What is restored and differs is refused, so a proven snapshot holds as many documents as were saved.</remarks>
    public StoreComparison? Comparison =>
        Snapshot is { Proven: true } proven
            ? new StoreComparison
            {
                From = "saved",
                To = "restored",
                Parts =
                [
                    ComparedPart.Alike($"{proven.Repository}/{proven.Name}", "documents", proven.Contents.Documents),
                ],
            }
            : null;

    /// <summary>The snapshot that this step of this run made; null when there is none.</summary>
    public SavedSnapshot? Snapshot { get; init; }

    /// <summary>What an attempt that did not end left behind.</summary>
    public required ImmutableArray<string> Leftovers { get; init; }
}

/// <summary>A snapshot of an index.</summary>
public sealed record SavedSnapshot
{
    /// <summary>The repository in which it lies.</summary>
    public required string Repository { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id.</summary>
    public required string Uuid { get; init; }

    /// <summary>The moment (UTC) before which all that it holds was written.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>It was restored and compared.</summary>
    public required bool Proven { get; init; }

    /// <summary>What it holds.</summary>
    public required IndexContents Contents { get; init; }

    /// <summary>The id of the index that was saved.</summary>
    public required string IndexUuid { get; init; }

    /// <summary>How many writes the index had taken in its life.</summary>
    public required long Operations { get; init; }
}
