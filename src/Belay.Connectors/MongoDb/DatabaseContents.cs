using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Connectors.MongoDb;

/// <summary>What a database holds, short enough to be compared with another one.</summary>
internal sealed record DatabaseContents
{
    private const int DifferencesNamed = 5;

    /// <summary>The collections and views that users made, by name.</summary>
    public required ImmutableArray<CollectionContents> Collections { get; init; }

    /// <summary>All documents.</summary>
    [JsonIgnore]
    public long Documents => Collections.Sum(collection => collection.Documents);

    /// <summary>In what a copy differs; empty when it does not. At most a few are named.</summary>
    public ImmutableArray<string> DifferencesOf(DatabaseContents copy) =>
        [
            .. Pairs(copy)
                .Where(pair => Words(pair.Here) != Words(pair.There))
                .Select(pair => $"{pair.Name}: {Words(pair.Here)}, the copy has {Words(pair.There)}")
                .Take(DifferencesNamed),
        ];

    /// <summary>The least number of documents that were written or removed to come from here to what another reading found.</summary>
    public long LeastWritesTo(DatabaseContents later) =>
        Pairs(later)
            .Sum(pair =>
                pair.Here?.Hash == pair.There?.Hash && pair.Here?.Documents == pair.There?.Documents
                    ? Convert.ToInt64(Words(pair.Here) != Words(pair.There))
                    : Math.Max(1, Math.Abs((pair.There?.Documents ?? 0) - (pair.Here?.Documents ?? 0)))
            );

    private IEnumerable<(string Name, CollectionContents? Here, CollectionContents? There)> Pairs(DatabaseContents copy)
    {
        var left = Collections.ToDictionary(collection => collection.Name, StringComparer.Ordinal);
        var right = copy.Collections.ToDictionary(collection => collection.Name, StringComparer.Ordinal);
        return left
            .Keys.Union(right.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => (name, left.GetValueOrDefault(name), right.GetValueOrDefault(name)));
    }

    private static string Words(CollectionContents? collection) =>
        collection is null
            ? "none"
            : $"a {collection.Type} of {collection.Documents} documents with hash {collection.Hash}, options {collection.Options}, indexes {string.Join(' ', collection.Indexes)}";
}

/// <summary>What a collection holds.</summary>
internal sealed record CollectionContents
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>collection</c>, <c>view</c> or <c>timeseries</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its options, as canonical Extended JSON: validator, collation, size, the view's pipeline.</summary>
    public required string Options { get; init; }

    /// <summary>Its indexes, by name, as canonical Extended JSON without the version of their format.</summary>
    public required ImmutableArray<string> Indexes { get; init; }

    /// <summary>How many documents it has; of a view 0.</summary>
    public required long Documents { get; init; }

    /// <summary>The sum of the hashes of its documents' bytes: the same in any order.</summary>
    public required string Hash { get; init; }
}
