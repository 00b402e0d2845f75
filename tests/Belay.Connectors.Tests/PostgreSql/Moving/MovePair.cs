using System.Collections.Immutable;
using Belay.Connectors.PostgreSql;
using Belay.Domain.Contract;
using Belay.Parts;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

/// <summary>Two servers of different versions, which all tests of moves share; every test has a database of its own on both.</summary>
public abstract class MovePair(int oldVersion, int newVersion) : IAsyncLifetime
{
    /// <summary>The role of services: no superuser.</summary>
    public const string Role = "shop";

    /// <summary>Its password.</summary>
    public const string RolePassword = "correct-horse";

    /// <summary>Belay's role, the superuser's password.</summary>
    public const string Password = "battery:'staple";

    private int databases;
    private PostgresServer? old;
    private PostgresServer? fresh;

    public PostgresServer Old => old!;

    public PostgresServer New => fresh!;

    public async ValueTask InitializeAsync()
    {
        old = await StartAsync(oldVersion);
        fresh = await StartAsync(newVersion);
    }

    public async ValueTask DisposeAsync()
    {
        await New.DisposeAsync();
        await Old.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A database on both servers: the old one with a shop in it, the new one empty.</summary>
    public async Task<MoveShop> OpenAsync(CancellationToken ct)
    {
        var name = $"shop_{Interlocked.Increment(ref databases)}";
        await Old.ExecuteAsync($"CREATE DATABASE {name} OWNER {Role}", ct: ct);
        await New.ExecuteAsync($"CREATE DATABASE {name} OWNER {Role} TEMPLATE template0", ct: ct);
        await Old.ExecuteAsync($"SET ROLE {Role}; {MoveShop.Schema}", name, ct);
        return new MoveShop(this, name);
    }

    /// <summary>What services connect with to the old server, no pooler between.</summary>
    public string OldEndpoint(MoveShop shop) =>
        Old.ConnectionString(shop.Database) + $";Pooling=false;Username={Role};Password={RolePassword}";

    public static PostgreSqlSettings Settings(PostgresServer server, string database) =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Database = database,
            User = PostgresServer.User,
            Password = new Secret(Password),
            Tools = Path.Combine(PartsFolder.Location, "bin"),
        };

    private static async Task<PostgresServer> StartAsync(int version)
    {
        var server = await PostgresServer.StartAsync(
            new PostgresOptions
            {
                Version = version,
                Password = Password,
                Settings =
                [
                    "wal_level=logical",
                    "max_replication_slots=20",
                    "max_wal_senders=20",
                    "max_logical_replication_workers=12",
                    "max_worker_processes=20",
                    "max_connections=60",
                    "wal_receiver_status_interval=1s",
                ],
            }
        );
        await server.ExecuteAsync($"CREATE ROLE {Role} LOGIN PASSWORD '{RolePassword}'");
        return server;
    }
}

/// <summary>PostgreSQL 13 and 17.</summary>
public sealed class Pair13To17() : MovePair(13, 17);

/// <summary>PostgreSQL 15 and 18.</summary>
public sealed class Pair15To18() : MovePair(15, 18);

/// <summary>The tests that share the pair of 13 and 17; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MoveTests13To17 : ICollectionFixture<Pair13To17>
{
    public const string Name = "PostgreSQL 13 to 17";
}

/// <summary>The tests that share the pair of 15 and 18; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MoveTests15To18 : ICollectionFixture<Pair15To18>
{
    public const string Name = "PostgreSQL 15 to 18";
}
