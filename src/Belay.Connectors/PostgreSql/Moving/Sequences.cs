using System.Globalization;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>How far a database's sequences are. Replication does not carry them.</summary>
/// <remarks>
/// Read from each sequence itself: <c>pg_sequences.last_value</c> is null for a sequence that was set and not used since, and
/// <c>max(column)</c> knows nothing of numbers that were given out and rolled back, or used elsewhere.
/// </remarks>
internal static class Sequences
{
    /// <summary>Reads all positions, one statement for all of them.</summary>
    public static async Task<List<Position>> ReadAsync(Side side, CancellationToken ct)
    {
        var reading = await side.ValueAsync<string>(
            $"""
            SELECT string_agg(format('SELECT %L, last_value, is_called FROM %s', c.oid::regclass, c.oid::regclass), ' UNION ALL ')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND {Catalog.UserSchemas}
            """,
            ct
        );
        return reading is null
            ? []
            : await side.ReadAsync(
                reading,
                row => new Position(row.GetString(0), row.GetInt64(1), row.GetBoolean(2)),
                ct
            );
    }

    /// <summary>Sets sequences; one statement for all of them.</summary>
    public static async Task SetAsync(Side side, IReadOnlyCollection<Position> positions, CancellationToken ct)
    {
        if (positions.Count == 0)
            return;
        var calls = positions.Select(at =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"setval({Sql.Text(at.Name)}, {at.Last}, {(at.IsCalled ? "true" : "false")})"
            )
        );
        // A row has at most 1664 columns, so the calls stand one below the other.
        await side.RunAsync($"SELECT {string.Join(" UNION ALL SELECT ", calls)}", ct);
    }

    /// <summary>How far a sequence is.</summary>
    /// <param name="Name">Its name with its schema, quoted where needed.</param>
    /// <param name="Last">Its last value.</param>
    /// <param name="IsCalled">Whether that value was given out; else it is the next one.</param>
    public sealed record Position(string Name, long Last, bool IsCalled);
}
