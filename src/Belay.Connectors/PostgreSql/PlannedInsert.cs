using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Connectors.PostgreSql;

/// <summary>An INSERT in a plan, as <c>EXPLAIN (VERBOSE, FORMAT JSON)</c> writes it.</summary>
/// <param name="Schema">The schema of its table.</param>
/// <param name="Table">Its table.</param>
/// <param name="Values">What it gives each column, by the column's number from 1 on; columns that it does not name have their default or NULL.</param>
internal sealed record PlannedInsert(string Schema, string Table, ImmutableArray<string> Values)
{
    /// <summary>All of a plan, also those inside WITH.</summary>
    public static IEnumerable<PlannedInsert> AllOf(string plan)
    {
        using var document = JsonDocument.Parse(plan);
        return [.. document.RootElement.EnumerateArray().SelectMany(top => In(top.GetProperty("Plan")))];
    }

    /// <summary>Whether a column, by its number, gets a NULL that is known beforehand.</summary>
    public bool IsNull(int column) =>
        column <= Values.Length && Values[column - 1].StartsWith("NULL::", StringComparison.Ordinal);

    private static IEnumerable<PlannedInsert> In(JsonElement node)
    {
        var below = node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().ToArray() : [];
        if (Text(node, "Node Type") == "ModifyTable" && Text(node, "Operation") == "Insert")
        {
            var source = below.First(child => Text(child, "Parent Relationship") is "Outer" or "Member");
            yield return new PlannedInsert(
                Text(node, "Schema")!,
                Text(node, "Relation Name")!,
                [.. source.GetProperty("Output").EnumerateArray().Select(value => value.GetString()!)]
            );
        }
        foreach (var insert in below.SelectMany(In))
            yield return insert;
    }

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.GetString() : null;
}
