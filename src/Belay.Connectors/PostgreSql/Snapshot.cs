using System.Data;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>A moment of a database, held open so that several sessions see exactly the same.</summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private readonly NpgsqlConnection session;
    private readonly NpgsqlTransaction transaction;

    private readonly string place;

    private Snapshot(NpgsqlConnection session, NpgsqlTransaction transaction, string place, ContentsReader contents) =>
        (this.session, this.transaction, this.place, Contents) = (session, transaction, place, contents);

    /// <summary>Reads what the database holds at the moment.</summary>
    public ContentsReader Contents { get; }

    /// <summary>What <c>pg_dump --snapshot</c> takes; empty when it was not exported.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The moment (UTC, the server's clock); never later than what the snapshot sees.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>The place in the write-ahead log.</summary>
    public string Lsn { get; private init; } = "";

    /// <summary>Which transactions it sees (<c>pg_snapshot</c>).</summary>
    public string Transactions { get; private init; } = "";

    /// <summary>The server's system identifier.</summary>
    public string System { get; private init; } = "";

    /// <summary>Opens a session on a database and holds the moment. A session that writes to the snapshot is refused by the server.</summary>
    public static async Task<Snapshot> TakeAsync(Server server, string database, CancellationToken ct)
    {
        var opened = await server.OpenForWorkAsync(database, ct);
        try
        {
            var begun = await Sql.TypedAsync(
                server.Place,
                () => opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct).AsTask()
            );
            await opened.RunAsync(server.Place, "SET TRANSACTION READ ONLY", ct);
            var contents = new ContentsReader(opened, server.Place);
            await contents.PrepareAsync(ct);
            var taken = await opened.ReadAsync(
                server.Place,
                """
                SELECT pg_export_snapshot(), now(), pg_current_wal_lsn()::text, pg_current_snapshot()::text,
                    (SELECT system_identifier::text FROM pg_control_system())
                """,
                row => new Snapshot(opened, begun, server.Place, contents)
                {
                    Name = row.GetString(0),
                    At = row.GetFieldValue<DateTimeOffset>(1),
                    Lsn = row.GetString(2),
                    Transactions = row.GetString(3),
                    System = row.GetString(4),
                },
                ct
            );
            return taken[0];
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads rows as the snapshot sees them.</summary>
    public Task<List<T>> ReadAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken ct,
        params object[] parameters
    ) => session.ReadAsync(place, sql, row, ct, parameters);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await session.DisposeAsync();
    }
}
