using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Belay.Connectors.PostgreSql;

/// <summary>What a database holds, short enough to be compared with another one.</summary>
internal sealed record DatabaseContents
{
    private const int DifferencesNamed = 5;

    /// <summary>The tables that users made, by name; also the large objects as one.</summary>
    public required ImmutableArray<TableContents> Tables { get; init; }

    /// <summary>The sequences, by name.</summary>
    public required ImmutableArray<SequencePosition> Sequences { get; init; }

    /// <summary>How many objects of each kind there are.</summary>
    public required ImmutableSortedDictionary<string, long> Objects { get; init; }

    /// <summary>All rows.</summary>
    [JsonIgnore]
    public long Rows => Tables.Sum(table => table.Rows);

    /// <summary>In what a copy differs; empty when it does not. At most a few are named.</summary>
    public ImmutableArray<string> DifferencesOf(DatabaseContents copy)
    {
        var tables = Pairs(Tables, copy.Tables, t => t.Name)
            .Where(pair => pair.Here != pair.There)
            .Select(pair => $"table {pair.Name}: {Words(pair.Here)}, the copy has {Words(pair.There)}");
        var sequences = Pairs(Sequences, copy.Sequences, s => s.Name)
            .Where(pair => pair.Here is null || pair.There is null || !pair.Here.Covers(pair.There))
            .Select(pair =>
                $"sequence {pair.Name}: {pair.Here?.Words ?? "none"}, the copy has {pair.There?.Words ?? "none"}"
            );
        var objects = Objects
            .Keys.Union(copy.Objects.Keys)
            .Where(kind => Objects.GetValueOrDefault(kind) != copy.Objects.GetValueOrDefault(kind))
            .Select(kind =>
                $"{kind}: {Objects.GetValueOrDefault(kind)}, the copy has {copy.Objects.GetValueOrDefault(kind)}"
            );
        return [.. tables.Concat(sequences).Concat(objects).Take(DifferencesNamed)];
    }

    private static IEnumerable<(string Name, T? Here, T? There)> Pairs<T>(
        ImmutableArray<T> here,
        ImmutableArray<T> there,
        Func<T, string> name
    )
        where T : class
    {
        var left = here.ToDictionary(name, StringComparer.Ordinal);
        var right = there.ToDictionary(name, StringComparer.Ordinal);
        return left
            .Keys.Union(right.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(key => (key, left.GetValueOrDefault(key), right.GetValueOrDefault(key)));
    }

    private static string Words(TableContents? table) =>
        table is null ? "none" : $"{table.Rows} rows with hash {table.Hash}";
}

/// <summary>The content of one table.</summary>
/// <param name="Name">Its name with its schema, quoted where needed.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Hash">The sum of the hashes of its rows: the same in any order.</param>
internal sealed record TableContents(string Name, long Rows, string Hash);

/// <summary>How far a sequence is. Sequences take no part in snapshots, so under writers it is a range.</summary>
/// <param name="Name">Its name with its schema.</param>
/// <param name="From">The last value before the reading; null: never used.</param>
/// <param name="To">The last value after it; null: never used.</param>
internal sealed record SequencePosition(string Name, long? From = null, long? To = null)
{
    /// <summary>The range in words.</summary>
    [JsonIgnore]
    public string Words => From == To ? $"{Value(From)}" : $"between {Value(From)} and {Value(To)}";

    /// <summary>Whether the position of a copy (a single value) lies in the range.</summary>
    public bool Covers(SequencePosition copy) =>
        copy.To is not { } value
            ? From is null
            : To is { } to && value >= Math.Min(From ?? value, to) && value <= Math.Max(From ?? value, to);

    private static string Value(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "unused";
}
