using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>What there is of the backup.</summary>
public sealed record BackupState : ICompared
{
    /// <inheritdoc/>
    public StoreComparison? Comparison => Archive is { Proven: true } proven ? proven.Comparison : null;

    /// <summary>The archive that this step of this run made; null when there is none, or it is no more as it was written.</summary>
    public SavedArchive? Archive { get; init; }

    /// <summary>What an attempt that did not end left behind.</summary>
    public required ImmutableArray<string> Leftovers { get; init; }
}

/// <summary>An archive.</summary>
public sealed record SavedArchive
{
    /// <summary>Where it lies (absolute).</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>The moment (UTC) before which all that it holds was written.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>It was restored and compared.</summary>
    public required bool Proven { get; init; }

    /// <summary>How many documents it holds.</summary>
    public required long Documents { get; init; }

    /// <summary>The collections and views with most documents, at most 50.</summary>
    public required ImmutableArray<CollectionSize> Largest { get; init; }

    /// <summary>The version of the schema that it holds; null when the step was not told where that stands.</summary>
    public JsonElement? Schema { get; init; }

    // What is restored and differs is refused, so a proven archive holds as much as was saved.
    internal StoreComparison Comparison =>
        new()
        {
            From = "saved",
            To = "restored",
            Parts =
            [
                .. Largest.Select(one => ComparedPart.Alike(one.Name, "documents", one.Documents)),
                .. Documents - Largest.Sum(one => one.Documents) is > 0 and var others
                    ? [ComparedPart.Alike("all other collections", "documents", others)]
                    : Array.Empty<ComparedPart>(),
            ],
        };
}

/// <summary>How large a collection in an archive is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Documents">How many documents it has; of a view 0.</param>
public sealed record CollectionSize(string Name, long Documents);
