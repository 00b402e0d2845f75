using Belay.Connectors.PostgreSql;
using Belay.Domain.Contract;
using Belay.Parts;

namespace Belay.Connectors.Tests.PostgreSql;

/// <summary>One PostgreSQL server for all tests of the connector; every test makes a database of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    /// <summary>The role that owns the tests' databases: no superuser, as in production.</summary>
    public const string Role = "shop";

    /// <summary>Its password.</summary>
    public const string Password = "correct-horse";

    private static int databases;
    private PostgresServer? server;

    public PostgresServer Server => server!;

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.StartAsync(
            new PostgresOptions { Password = "superuser", Settings = ["max_connections=60"] }
        );
        await server.ExecuteAsync($"CREATE ROLE {Role} LOGIN CREATEDB PASSWORD '{Password}'");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Makes an empty database that the role owns.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"shop_{Interlocked.Increment(ref databases)}";
        await Server.ExecuteAsync($"CREATE DATABASE {name} OWNER {Role}");
        return name;
    }

    /// <summary>The settings of a connection to a database, as the role.</summary>
    public PostgreSqlSettings Settings(string database) => Settings(Server, database);

    /// <summary>The settings of a connection to a database of another server, as the role.</summary>
    public static PostgreSqlSettings Settings(PostgresServer server, string database) =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Database = database,
            User = Role,
            Password = new Secret(Password),
            Tls = TlsMode.Prefer,
            MaintenanceDatabase = "postgres",
            Tools = Path.Combine(PartsFolder.Location, "bin"),
        };
}

/// <summary>The tests that share the server; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<SharedPostgres>
{
    public const string Name = "PostgreSQL";
}
