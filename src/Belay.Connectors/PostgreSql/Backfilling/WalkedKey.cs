using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>The column along which a table is walked, as the server knows it. Values are read and given as the texts that PostgreSQL writes.</summary>
/// <param name="Table">The table, with its schema, quoted.</param>
/// <param name="Column">The column, quoted.</param>
/// <param name="Type">Its type, as a cast names it.</param>
/// <param name="Rows">About how many rows the table has.</param>
internal sealed record WalkedKey(string Table, string Column, string Type, long Rows)
{
    /// <summary>Finds it.</summary>
    /// <exception cref="OperationException">Refused: it is not there, may be NULL, or no index begins with it, so that every batch would read the whole table.</exception>
    public static async Task<WalkedKey> FindAsync(
        BackfillInputs inputs,
        NpgsqlConnection session,
        string place,
        CancellationToken ct
    )
    {
        var found = await session.ReadAsync(
            place,
            """
            SELECT format('%I.%I', n.nspname, c.relname), format('%I', a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull,
                EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL),
                greatest(0, c.reltuples)::bigint, current_setting('DateStyle') LIKE 'ISO%'
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.oid = pg_catalog.to_regclass($1) AND a.attname = $2
            """,
            row =>
                (
                    Key: new WalkedKey(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(5)),
                    IsNotNull: row.GetBoolean(3),
                    IsIndexed: row.GetBoolean(4),
                    IsIso: row.GetBoolean(6)
                ),
            ct,
            inputs.Table,
            inputs.Key
        );
        return found switch
        {
            [] => throw OperationException.Refused($"{place}: there is no column {inputs.Key} of {inputs.Table}"),
            [{ IsNotNull: false }, ..] => throw OperationException.Refused(
                $"{place}: {inputs.Key} of {inputs.Table} may be NULL, and such rows would be left out: walk along a column that is NOT NULL"
            ),
            [{ IsIndexed: false }, ..] => throw OperationException.Refused(
                $"{place}: no index of {inputs.Table} begins with {inputs.Key}: each batch would read the whole table"
            ),
            [{ IsIso: false }, ..] => throw OperationException.Refused(
                $"{place}: dates are written ambiguously there: ALTER ROLE ... SET datestyle = 'ISO'"
            ),
            [var found1, ..] => found1.Key,
        };
    }

    /// <summary>The next keys upwards, behind <paramref name="after"/> (null: from the first on) and up to <paramref name="until"/>; null: there are none.</summary>
    public Task<KeyRange?> UpAsync(
        NpgsqlConnection session,
        string place,
        string? after,
        string until,
        int most,
        CancellationToken ct
    ) =>
        RangeAsync(
            session,
            place,
            $"{Column} <= $1::{Type}{(after is null ? "" : $" AND {Column} > $2::{Type}")} ORDER BY {Column} LIMIT {most}",
            "NULL",
            after is null ? [until] : [until, after],
            ct
        );

    /// <summary>The next keys downwards, from <paramref name="from"/> on and above <paramref name="floor"/> (null: to the first); null: there are none.</summary>
    public Task<KeyRange?> DownAsync(
        NpgsqlConnection session,
        string place,
        string from,
        string? floor,
        int most,
        CancellationToken ct
    )
    {
        var above = floor is null ? "" : $" AND {Column} > $2::{Type}";
        return RangeAsync(
            session,
            place,
            $"{Column} <= $1::{Type}{above} ORDER BY {Column} DESC LIMIT {most}",
            $"(SELECT {Column} FROM {Table} WHERE {Column} < (SELECT k FROM s ORDER BY k LIMIT 1){above} ORDER BY {Column} DESC LIMIT 1)",
            floor is null ? [from] : [from, floor],
            ct
        );
    }

    /// <summary>The greatest key; null: the table is empty.</summary>
    /// <remarks>The column is qualified, for its text has the same name and another order.</remarks>
    public Task<string?> LastAsync(NpgsqlConnection session, string place, CancellationToken ct) =>
        session.ValueAsync<string>(
            place,
            $"SELECT t.{Column}::text FROM {Table} AS t ORDER BY t.{Column} DESC LIMIT 1",
            ct
        );

    // Not every type has min and max, and every type that has an index has an order.
    private async Task<KeyRange?> RangeAsync(
        NpgsqlConnection session,
        string place,
        string which,
        string below,
        object[] parameters,
        CancellationToken ct
    ) =>
        (
            await session.ReadAsync(
                place,
                $"WITH s AS (SELECT {Column} AS k FROM {Table} WHERE {which}) SELECT (SELECT k FROM s ORDER BY k LIMIT 1)::text, (SELECT k FROM s ORDER BY k DESC LIMIT 1)::text, (SELECT count(*) FROM s), {below}::text",
                row =>
                    row.IsDBNull(0)
                        ? null
                        : new KeyRange(
                            row.GetString(0),
                            row.GetString(1),
                            row.GetInt64(2),
                            row.IsDBNull(3) ? null : row.GetString(3)
                        ),
                ct,
                parameters
            )
        )[0];
}

/// <summary>The keys of a batch.</summary>
/// <param name="First">The least.</param>
/// <param name="Last">The greatest.</param>
/// <param name="Rows">How many rows have them.</param>
/// <param name="Below">Going down: the greatest key below them; null: there is none.</param>
internal sealed record KeyRange(string First, string Last, long Rows, string? Below);
