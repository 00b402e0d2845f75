namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>A table whose rows can be told apart by a text: its primary key or replica identity, else the whole row.</summary>
/// <param name="Name">Its name with its schema, quoted where needed.</param>
/// <param name="Key">An expression for the text; the row is <c>t</c>.</param>
/// <param name="Rows">About how many rows it has.</param>
internal sealed record KeyedTable(string Name, string Key, long Rows)
{
    /// <summary>The tables of a database whose rows are replicated; those of a move itself are left out.</summary>
    public static Task<List<KeyedTable>> ListAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            $"""
            SELECT c.oid::regclass::text, coalesce((
                    SELECT 'ROW(' || string_agg(format('t.%I', a.attname), ', ' ORDER BY k.place) || ')::text'
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                    WHERE k.place <= i.indnkeyatts), 't::text'),
                greatest(0, c.reltuples)::bigint
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN LATERAL (SELECT * FROM pg_index x WHERE x.indrelid = c.oid AND (x.indisreplident OR (x.indisprimary AND c.relreplident = 'd')) LIMIT 1) i ON true
            WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND {Catalog.UserSchemas} AND n.nspname <> '{SwitchLog.Schema}'
            ORDER BY 1
            """,
            row => new KeyedTable(row.GetString(0), row.GetString(1), row.GetInt64(2)),
            ct
        );

    /// <summary>How many rows a side has now.</summary>
    public Task<long> CountAsync(Side side, CancellationToken ct) =>
        side.ValueAsync<long>($"SELECT count(*) FROM ONLY {Name}", ct);

    /// <summary>Keys and hashes of rows; rows that are equal in all are one, with their number in the hash.</summary>
    /// <param name="side">Where.</param>
    /// <param name="share">Which share of the rows, drawn by their keys; 1: all.</param>
    /// <param name="keys">Only these; null: all.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task<Dictionary<string, string>> HashesAsync(
        Side side,
        double share,
        string[]? keys,
        CancellationToken ct
    )
    {
        const long parts = 1_000_000;
        var drawn = share < 1 ? $"abs(hashtextextended({Key}, 0) % {parts}) < {(long)(share * parts)}" : "true";
        object[] parameters = keys is null ? [] : [keys];
        var rows = await side.ReadAsync(
            $"SELECT {Key}, (sum(hashtextextended(t::text, 0)::numeric))::text FROM ONLY {Name} AS t WHERE {drawn}{(keys is null ? "" : $" AND {Key} = ANY ($1)")} GROUP BY 1",
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            ct,
            parameters
        );
        return rows.ToDictionary(StringComparer.Ordinal);
    }
}
