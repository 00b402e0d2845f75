using System.Globalization;
using Belay.Domain.Contract;
using Belay.Formats.Sql;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Carries out one migration file, in either direction, so that file and ledger never disagree.</summary>
/// <param name="server">The server.</param>
/// <param name="lockLimit">How long a statement waits for a lock, while others queue behind it.</param>
/// <param name="statementLimit">How long a statement may run.</param>
internal sealed class Migrator(Server server, TimeSpan lockLimit, TimeSpan statementLimit)
{
    /// <summary>Makes the ledger when it is missing.</summary>
    public async Task BaselineAsync(int baseline, CancellationToken ct)
    {
        await using var session = await server.OpenForWorkAsync(ct);
        await using var transaction = await BeginAsync(session, ct);
        await MigrationLedger.CreateAsync(session, server.Place, baseline, ct);
        await transaction.CommitAsync(server.Place, CancellationToken.None);
    }

    /// <summary>Removes the ledger that <see cref="BaselineAsync"/> made.</summary>
    public async Task RemoveBaselineAsync(CancellationToken ct)
    {
        await using var session = await server.OpenForWorkAsync(ct);
        await using var transaction = await BeginAsync(session, ct);
        await session.RunAsync(server.Place, $"DROP TABLE IF EXISTS {MigrationLedger.Table}", ct);
        await transaction.CommitAsync(server.Place, CancellationToken.None);
    }

    /// <summary>Applies a file, unless the ledger has it: then somebody was faster.</summary>
    public Task ApplyAsync(MigrationFile file, CancellationToken ct) =>
        RunAsync(
            file,
            isApplied: false,
            ledger =>
                $"INSERT INTO {ledger} (version, name, checksum, applied_at) VALUES ({file.Version}, {Sql.Text(file.Name)}, '{file.Checksum}', now())",
            ct
        );

    /// <summary>Runs the way back of a file, unless the ledger has it no more.</summary>
    public Task TakeBackAsync(MigrationFile down, CancellationToken ct) =>
        RunAsync(down, isApplied: true, ledger => $"DELETE FROM {ledger} WHERE version = {down.Version}", ct);

    private async Task RunAsync(MigrationFile file, bool isApplied, Func<string, string> row, CancellationToken ct)
    {
        await using var session = await server.OpenForWorkAsync(ct);
        if (file.WithoutTransaction)
            await OutsideAsync(session, file, isApplied, row, ct);
        else
            await InsideAsync(session, file, isApplied, row, ct);
    }

    private async Task InsideAsync(
        NpgsqlConnection session,
        MigrationFile file,
        bool isApplied,
        Func<string, string> row,
        CancellationToken ct
    )
    {
        await using var transaction = await BeginAsync(session, ct);
        var ledger = await LedgerAsync(session, ct);
        if (await HasAsync(session, ledger, file.Version, ct) != isApplied)
            return;
        foreach (var statement in file.Statements)
            await ExecuteAsync(session, file, statement, Failures.Of, ct);
        await session.RunAsync(server.Place, row(ledger), ct);
        // From here on the server decides: a cancelled COMMIT would only hide what it decided.
        await transaction.CommitAsync($"{server.Place}, {file.File}", CancellationToken.None);
    }

    private async Task OutsideAsync(
        NpgsqlConnection session,
        MigrationFile file,
        bool isApplied,
        Func<string, string> row,
        CancellationToken ct
    )
    {
        await session.RunAsync(server.Place, $"SET lock_timeout = {Milliseconds(lockLimit)}", ct);
        await session.RunAsync(server.Place, $"SET statement_timeout = {Milliseconds(statementLimit)}", ct);
        await MigrationLedger.LockSessionAsync(session, server.Place, ct);
        var ledger = await LedgerAsync(session, ct);
        if (await HasAsync(session, ledger, file.Version, ct) != isApplied)
            return;
        var statement = file.Statements[0];
        await DropInvalidIndexAsync(session, statement, ct);
        try
        {
            await ExecuteAsync(session, file, statement, Failures.OfCommit, ct);
        }
        catch (OperationException e) when (e.Kind != FailureKind.OutcomeUnknown)
        {
            await DropInvalidIndexAsync(session, statement, ct);
            throw;
        }
        await session.RunAsync(server.Place, row(ledger), ct);
    }

    // An index build that was interrupted leaves an index that is written to and never read.
    private async Task DropInvalidIndexAsync(NpgsqlConnection session, SqlStatement statement, CancellationToken ct)
    {
        if (statement.ConcurrentIndex is not { } index)
            return;
        var invalid = await session.ValueAsync<bool>(
            server.Place,
            "SELECT NOT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass($1)",
            ct,
            index
        );
        if (invalid)
            await session.RunAsync(server.Place, $"DROP INDEX CONCURRENTLY IF EXISTS {index}", ct);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection session,
        MigrationFile file,
        SqlStatement statement,
        Func<Exception, string, OperationException?> typed,
        CancellationToken ct
    )
    {
        try
        {
            await using var batch = new NpgsqlBatch(session)
            {
                BatchCommands = { new NpgsqlBatchCommand(statement.Text) },
            };
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (Exception e)
        {
            var line = statement.LineAt((e as PostgresException)?.Position ?? 1);
            if (typed(e, $"{file.File}, line {line}") is { } failure)
                throw failure;
            throw;
        }
    }

    private async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection session, CancellationToken ct)
    {
        var transaction = await Sql.TypedAsync(server.Place, () => session.BeginTransactionAsync(ct).AsTask());
        await session.RunAsync(server.Place, $"SET LOCAL lock_timeout = {Milliseconds(lockLimit)}", ct);
        await session.RunAsync(server.Place, $"SET LOCAL statement_timeout = {Milliseconds(statementLimit)}", ct);
        await MigrationLedger.LockTransactionAsync(session, server.Place, ct);
        return transaction;
    }

    private async Task<string> LedgerAsync(NpgsqlConnection session, CancellationToken ct) =>
        await MigrationLedger.LocateAsync(session, server.Place, ct)
        ?? throw OperationException.Refused($"{server.Place}: the table {MigrationLedger.Table} is gone");

    private Task<bool> HasAsync(NpgsqlConnection session, string ledger, int version, CancellationToken ct) =>
        session.ValueAsync<bool>(server.Place, $"SELECT EXISTS (SELECT FROM {ledger} WHERE version = {version})", ct);

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
