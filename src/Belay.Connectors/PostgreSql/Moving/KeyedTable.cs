using System.Collections.Immutable;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>A table whose rows can be told apart by a text: its primary key or replica identity, else the whole row.</summary>
/// <param name="Name">Its name with its schema, quoted where needed.</param>
/// <param name="Columns">The columns of the key; empty: it has none.</param>
internal sealed record KeyedTable(string Name, ImmutableArray<KeyColumn> Columns)
{
    // An array's text can be read back into columns, so that rows are found again by their index.
    private string Key =>
        Columns.IsEmpty ? "t::text" : $"ARRAY[{string.Join(", ", Columns.Select(c => $"t.{c.Name}::text"))}]::text";

    // Without a key only the text of the whole row tells it; the join is hashed, so that it costs one reading of the table.
    private string AskedFor =>
        Columns.IsEmpty
            ? "JOIN (SELECT x FROM unnest($1) AS x) AS k ON k.x = t::text"
            : $"JOIN (SELECT {string.Join(", ", Columns.Select((c, i) => $"(x::text[])[{i + 1}]::{c.Type} AS c{i}"))} FROM unnest($1) AS x) AS k ON {string.Join(" AND ", Columns.Select((c, i) => $"t.{c.Name} = k.c{i}"))}";

    /// <summary>The tables of a database whose rows are replicated; those of a move itself are left out.</summary>
    public static Task<List<KeyedTable>> ListAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            $"""
            SELECT c.oid::regclass::text, k.names, k.types
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN LATERAL (SELECT * FROM pg_index x WHERE x.indrelid = c.oid AND (x.indisreplident OR (x.indisprimary AND c.relreplident = 'd')) LIMIT 1) i ON true
                CROSS JOIN LATERAL (
                    SELECT coalesce(array_agg(quote_ident(a.attname) ORDER BY u.place), ARRAY[]::text[]), coalesce(array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY u.place), ARRAY[]::text[])
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (number, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number
                    WHERE u.place <= i.indnkeyatts) k (names, types)
            WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND {Catalog.UserSchemas} AND n.nspname <> '{SwitchLog.Schema}'
            ORDER BY 1
            """,
            row => new KeyedTable(
                row.GetString(0),
                [
                    .. row.GetFieldValue<string[]>(1)
                        .Zip(row.GetFieldValue<string[]>(2))
                        .Select(c => new KeyColumn(c.First, c.Second)),
                ]
            ),
            ct
        );

    /// <summary>How many rows a side has now.</summary>
    public Task<long> CountAsync(Side side, CancellationToken ct) =>
        side.ValueAsync<long>($"SELECT count(*) FROM ONLY {Name}", ct);

    /// <summary>Keys and hashes of all rows, or of a share of them; rows that are equal in all are one, with their number in the hash.</summary>
    /// <param name="side">Where.</param>
    /// <param name="share">Which share of the rows, drawn by their keys; 1: all.</param>
    /// <param name="ct">Ends the reading.</param>
    public Task<Dictionary<string, string>> HashesAsync(Side side, double share, CancellationToken ct)
    {
        const long parts = 1_000_000;
        var drawn = share < 1 ? $"WHERE abs(hashtextextended({Key}, 0) % {parts}) < {(long)(share * parts)}" : "";
        return HashesAsync(side, drawn, [], ct);
    }

    /// <summary>The same of these rows only, found by the index of their key.</summary>
    public Task<Dictionary<string, string>> HashesOfAsync(Side side, string[] keys, CancellationToken ct) =>
        HashesAsync(side, AskedFor, [keys], ct);

    private async Task<Dictionary<string, string>> HashesAsync(
        Side side,
        string which,
        object[] parameters,
        CancellationToken ct
    ) =>
        (
            await side.ReadAsync(
                $"SELECT {Key}, (sum(hashtextextended(t::text, 0)::numeric))::text FROM ONLY {Name} AS t {which} GROUP BY 1",
                row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
                ct,
                parameters
            )
        ).ToDictionary(StringComparer.Ordinal);
}

/// <summary>A column of a key.</summary>
/// <param name="Name">Its name, quoted where needed.</param>
/// <param name="Type">Its type, as a cast names it.</param>
internal sealed record KeyColumn(string Name, string Type);
