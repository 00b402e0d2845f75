using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>The table <c>belay_backfills</c>: how far each backfill of a database has come.</summary>
internal sealed class BackfillLedger(BackfillInputs inputs, string place)
{
    private const string Table = "belay_backfills";

    private const string Creation =
        $"CREATE TABLE {Table} (name text PRIMARY KEY, checksum text NOT NULL, done_to text, until_key text, seen bigint NOT NULL DEFAULT 0, written bigint NOT NULL DEFAULT 0, batches bigint NOT NULL DEFAULT 0, finished boolean NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())";

    // What a name stands for: one that is begun goes on as the same.
    private readonly string checksum = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{inputs.Table}\0{inputs.Key}\0{inputs.Statement}"))
    );

    private string Ours => $"name = {Sql.Text(inputs.Name)}";

    /// <summary>Reads how far it is.</summary>
    /// <exception cref="OperationException">Refused: the name was begun with another table, key or statement.</exception>
    public async Task<BackfillState> ReadAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var transaction = await Sql.TypedAsync(place, () => session.BeginTransactionAsync(ct).AsTask());
        await session.RunAsync(place, "SET TRANSACTION READ ONLY", ct);
        await LimitAsync(session, ct);
        long? left = inputs.Left is { } query ? await LeftAsync(session, query, ct) : null;
        var none = new BackfillState
        {
            Ledger = await Sql.LocateAsync(session, place, Table, ct) is not null,
            Begun = false,
            Rows = 0,
            Written = 0,
            Batches = 0,
            Finished = false,
            Left = left,
        };
        return none.Ledger && await RowAsync(session, forUpdate: false, ct) is { } row
            ? row with
            {
                Left = left,
            }
            : none;
    }

    /// <summary>Whether there is a row for it.</summary>
    public async Task<bool> HasBegunAsync(NpgsqlConnection session, CancellationToken ct) =>
        await Sql.LocateAsync(session, place, Table, ct) is not null
        && await RowAsync(session, forUpdate: false, ct) is not null;

    /// <summary>Notes that it is begun, and where it ends; a backfill that was begun is left as it is.</summary>
    /// <exception cref="OperationException">Refused: the table would be replicated to who does not have it.</exception>
    public async Task BeginAsync(NpgsqlConnection session, WalkedKey key, CancellationToken ct)
    {
        await using var transaction = await Sql.TypedAsync(place, () => session.BeginTransactionAsync(ct).AsTask());
        await LimitAsync(session, ct);
        await CreateAsync(session, ct);
        var last = await key.LastAsync(session, place, ct);
        await session.RunAsync(
            place,
            $"INSERT INTO {Table} (name, checksum, until_key, finished) VALUES ({Sql.Text(inputs.Name)}, '{checksum}', {(last is null ? "NULL, true" : $"{Sql.Text(last)}, false")}) ON CONFLICT DO NOTHING",
            ct
        );
        await transaction.CommitAsync(place, CancellationToken.None);
    }

    /// <summary>How far it is, for the transaction of a batch: whoever else works at it waits.</summary>
    /// <exception cref="OperationException">Refused: it is gone, or stands for something else.</exception>
    public async Task<BackfillState> LockAsync(NpgsqlConnection session, CancellationToken ct) =>
        await RowAsync(session, forUpdate: true, ct)
        ?? throw OperationException.Refused($"{place}: the row {inputs.Name} of {Table} is gone");

    /// <summary>Notes a batch, in its transaction.</summary>
    public Task NoteAsync(NpgsqlConnection session, string doneTo, long rows, long written, CancellationToken ct) =>
        ChangeAsync(
            session,
            string.Create(
                CultureInfo.InvariantCulture,
                $"done_to = {Sql.Text(doneTo)}, seen = seen + {rows}, written = written + {written}, batches = batches + 1"
            ),
            ct
        );

    /// <summary>Notes that the last key is reached.</summary>
    public Task FinishAsync(NpgsqlConnection session, CancellationToken ct) =>
        ChangeAsync(session, "finished = true", ct);

    /// <summary>Notes a batch that was taken back, in its transaction.</summary>
    public Task NoteBackAsync(NpgsqlConnection session, string? doneTo, long rows, CancellationToken ct) =>
        ChangeAsync(
            session,
            string.Create(
                CultureInfo.InvariantCulture,
                $"done_to = {(doneTo is null ? "NULL" : Sql.Text(doneTo))}, seen = seen - {rows}, finished = false"
            ),
            ct
        );

    /// <summary>Leaves the table as it was before: without the row, and without the table, where they were not there.</summary>
    public async Task ForgetAsync(NpgsqlConnection session, BackfillState before, CancellationToken ct)
    {
        if (before.Begun)
            return;
        await using var transaction = await Sql.TypedAsync(place, () => session.BeginTransactionAsync(ct).AsTask());
        await LimitAsync(session, ct);
        if (!before.Ledger)
            await session.RunAsync(place, $"LOCK TABLE {Table} IN ACCESS EXCLUSIVE MODE", ct);
        await session.RunAsync(place, $"DELETE FROM {Table} WHERE {Ours}", ct);
        if (!before.Ledger && !await session.ValueAsync<bool>(place, $"SELECT EXISTS (SELECT FROM {Table})", ct))
            await session.RunAsync(place, $"DROP TABLE {Table}", ct);
        await transaction.CommitAsync(place, CancellationToken.None);
    }

    /// <summary>Limits the statements of a transaction.</summary>
    public async Task LimitAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await session.RunAsync(place, $"SET LOCAL lock_timeout = {Milliseconds(inputs.LockLimit)}", ct);
        await session.RunAsync(place, $"SET LOCAL statement_timeout = {Milliseconds(inputs.StatementLimit)}", ct);
    }

    private async Task CreateAsync(NpgsqlConnection session, CancellationToken ct)
    {
        if (await Sql.LocateAsync(session, place, Table, ct) is not null)
            return;
        await session.RunAsync(place, Creation, ct);
        // Replication carries rows and no tables: a subscriber stops at the first row of a table that it does not have.
        var publications = await session.ReadAsync(
            place,
            "SELECT pubname::text FROM pg_catalog.pg_publication_tables WHERE tablename = $1",
            row => row.GetString(0),
            ct,
            Table
        );
        if (publications.Count > 0)
            throw OperationException.Refused(
                $"{place}: the publication {string.Join(", ", publications)} would replicate the table {Table} to subscribers that do not have it, and they would stop: make it there first, then here: {Creation}"
            );
    }

    private async Task<BackfillState?> RowAsync(NpgsqlConnection session, bool forUpdate, CancellationToken ct)
    {
        var rows = await session.ReadAsync(
            place,
            $"SELECT checksum, done_to, until_key, seen, written, batches, finished FROM {Table} WHERE {Ours}{(forUpdate ? " FOR UPDATE" : "")}",
            row =>
                (
                    Checksum: row.GetString(0),
                    State: new BackfillState
                    {
                        Ledger = true,
                        Begun = true,
                        DoneTo = row.IsDBNull(1) ? null : row.GetString(1),
                        Until = row.IsDBNull(2) ? null : row.GetString(2),
                        Rows = row.GetInt64(3),
                        Written = row.GetInt64(4),
                        Batches = row.GetInt64(5),
                        Finished = row.GetBoolean(6),
                    }
                ),
            ct
        );
        return rows switch
        {
            [] => null,
            [var row, ..] when row.Checksum == checksum => row.State,
            _ => throw OperationException.Refused(
                $"{place}: the backfill {inputs.Name} was begun with another table, key or statement; bring them back, or give this one another name"
            ),
        };
    }

    private async Task<long> LeftAsync(NpgsqlConnection session, string query, CancellationToken ct)
    {
        var rows = await session.ReadAsync(place, query, row => row.GetFieldValue<long>(0), ct);
        return rows is [var left]
            ? left
            : throw OperationException.Refused($"{place}: left must give one number, it gave {rows.Count} rows");
    }

    private Task ChangeAsync(NpgsqlConnection session, string set, CancellationToken ct) =>
        session.RunAsync(place, $"UPDATE {Table} SET {set}, at = clock_timestamp() WHERE {Ours}", ct);

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
