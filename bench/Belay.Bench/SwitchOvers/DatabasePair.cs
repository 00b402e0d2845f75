using Belay.Parts;

namespace Belay.Bench.SwitchOvers;

/// <summary>Two servers, both durable, which all moves share. Each move has a database of its own on both, the same at its begin.</summary>
internal sealed class DatabasePair : IAsyncDisposable
{
    /// <summary>The role of services.</summary>
    public const string Role = "shop";

    /// <summary>Its password.</summary>
    public const string Password = "correct-horse";

    private const string Seed = "seed";

    // About what a row takes, its indexes included.
    private const int RowBytes = 400;

    private DatabasePair(PostgresServer old, PostgresServer fresh) => (Old, New) = (old, fresh);

    /// <summary>The old server.</summary>
    public PostgresServer Old { get; }

    /// <summary>The new server.</summary>
    public PostgresServer New { get; }

    /// <summary>How large the database is, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Starts both, of these major versions, and fills a database.</summary>
    public static async Task<DatabasePair> StartAsync(
        string folder,
        (int From, int To) versions,
        int megabytes,
        CancellationToken ct
    )
    {
        var old = await ServerAsync(folder, "old", versions.From, ct);
        var pair = new DatabasePair(old, await ServerAsync(folder, "new", versions.To, ct));
        await old.ExecuteAsync($"CREATE DATABASE {Seed} OWNER {Role}", ct: ct);
        await old.ExecuteAsync(
            $"""
            SET ROLE {Role};
            CREATE SEQUENCE invoices;
            CREATE TABLE orders (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, token text NOT NULL UNIQUE, invoice bigint NOT NULL DEFAULT nextval('invoices'), note text);
            """,
            Seed,
            ct
        );
        var rows = megabytes * 1024L * 1024 / RowBytes;
        await old.ExecuteAsync(
            $"SET ROLE {Role}; INSERT INTO orders (token, note) SELECT 'seed-' || n, repeat('x', 250) FROM generate_series(1, {rows}) n",
            Seed,
            ct
        );
        await old.ExecuteAsync("VACUUM ANALYZE orders", Seed, ct);
        pair.Bytes = (long)(await old.ExecuteAsync($"SELECT pg_database_size('{Seed}')", ct: ct))!;
        return pair;
    }

    /// <summary>A filled database on the old server, and an empty one on the new.</summary>
    public async Task CreateAsync(string name, CancellationToken ct)
    {
        await Old.ExecuteAsync($"CREATE DATABASE {name} OWNER {Role} TEMPLATE {Seed}", ct: ct);
        await New.ExecuteAsync($"CREATE DATABASE {name} OWNER {Role} TEMPLATE template0", ct: ct);
        // Nobody pays for the pages that another turn has left dirty.
        await Old.ExecuteAsync("CHECKPOINT", ct: ct);
        await New.ExecuteAsync("CHECKPOINT", ct: ct);
    }

    /// <summary>Drops both, with what a move that failed has left of replication.</summary>
    public async Task DropAsync(string name)
    {
        foreach (var server in new[] { Old, New })
            await server.ExecuteAsync(
                """
                DO $$ DECLARE s record; BEGIN
                FOR s IN SELECT subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) LOOP
                    EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', s.subname);
                    EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s.subname);
                    EXECUTE format('DROP SUBSCRIPTION %I', s.subname);
                END LOOP; END $$
                """,
                name
            );
        foreach (var server in new[] { Old, New })
        {
            await server.ExecuteAsync(
                $"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{name}' AND active"
            );
            await Poll.UntilAsync(
                async () =>
                    await server.ExecuteAsync(
                        $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{name}' AND NOT active"
                    )
                        is null,
                TimeSpan.FromSeconds(20),
                CancellationToken.None
            );
            await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await New.DisposeAsync();
        await Old.DisposeAsync();
    }

    private static async Task<PostgresServer> ServerAsync(string folder, string name, int version, CancellationToken ct)
    {
        var server = await PostgresServer.StartAsync(
            new PostgresOptions
            {
                Version = version,
                Durable = true,
                Folder = Path.Combine(folder, name),
                Settings =
                [
                    "wal_level=logical",
                    "max_replication_slots=20",
                    "max_wal_senders=20",
                    "max_connections=60",
                    "max_wal_size=2GB",
                    "shared_buffers=256MB",
                ],
            },
            ct
        );
        await server.ExecuteAsync($"CREATE ROLE {Role} LOGIN PASSWORD '{Password}'", ct: ct);
        return server;
    }
}
