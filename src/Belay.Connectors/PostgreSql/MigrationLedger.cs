using System.Collections.Immutable;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>The table <c>belay_migrations</c>: which migrations a database has had.</summary>
internal static class MigrationLedger
{
    /// <summary>The table's name; its schema is the first of the role's search path that has it.</summary>
    public const string Table = "belay_migrations";

    // Any number that no other program is likely to use ("belay" in ASCII).
    private const long LockKey = 0x62656C6179;

    /// <summary>The name in full, quoted; null when the table does not exist.</summary>
    public static Task<string?> LocateAsync(NpgsqlConnection session, string place, CancellationToken ct) =>
        Sql.LocateAsync(session, place, Table, ct);

    /// <summary>The applied migrations, ascending.</summary>
    public static async Task<ImmutableArray<AppliedMigration>> ReadAsync(
        NpgsqlConnection session,
        string place,
        string table,
        CancellationToken ct
    ) =>
        [
            .. await session.ReadAsync(
                place,
                $"SELECT version, name, checksum FROM {table} ORDER BY version",
                row => new AppliedMigration(
                    row.GetInt32(0),
                    row.IsDBNull(1) ? "" : row.GetString(1),
                    row.IsDBNull(2) ? null : row.GetString(2)
                ),
                ct
            ),
        ];

    /// <summary>Makes the table, with a row for what the database was installed with.</summary>
    public static async Task CreateAsync(NpgsqlConnection session, string place, int baseline, CancellationToken ct)
    {
        await session.RunAsync(
            place,
            $"CREATE TABLE IF NOT EXISTS {Table} (version int PRIMARY KEY, name text NOT NULL, checksum text, applied_at timestamptz NOT NULL)",
            ct
        );
        await session.RunAsync(
            place,
            $"INSERT INTO {Table} VALUES ({baseline}, 'baseline', NULL, now()) ON CONFLICT DO NOTHING",
            ct
        );
    }

    /// <summary>Keeps other migrators out until the transaction ends; waits no longer than the session's lock limit.</summary>
    /// <exception cref="OperationException">Transient: another migrator is at work.</exception>
    public static Task LockTransactionAsync(NpgsqlConnection session, string place, CancellationToken ct) =>
        LockAsync(session, place, "pg_advisory_xact_lock", ct);

    /// <summary>Keeps other migrators out until the session ends.</summary>
    /// <exception cref="OperationException">Transient: another migrator is at work.</exception>
    public static Task LockSessionAsync(NpgsqlConnection session, string place, CancellationToken ct) =>
        LockAsync(session, place, "pg_advisory_lock", ct);

    private static async Task LockAsync(NpgsqlConnection session, string place, string function, CancellationToken ct)
    {
        try
        {
            await session.RunAsync(place, $"SELECT {function}({LockKey})", ct);
        }
        catch (OperationException e)
            when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
        {
            throw OperationException.Transient($"{place}: another migration is at work on this database", e);
        }
    }
}

/// <summary>A row of the ledger.</summary>
/// <param name="Version">The migration's number.</param>
/// <param name="Name">Its file's name without the ending.</param>
/// <param name="Checksum">SHA-256 of the file that was applied; null for a baseline.</param>
internal sealed record AppliedMigration(int Version, string Name, string? Checksum);
