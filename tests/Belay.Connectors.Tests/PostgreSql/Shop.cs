using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.PostgreSql;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql;

/// <summary>A shop's database at schema 41 with orders, a folder of migrations, and operations on them.</summary>
internal sealed class Shop(SharedPostgres postgres, string database) : IDisposable
{
    public const string Connection = "db";

    private readonly string runId = $"run-{Guid.NewGuid():N}";

    public TestFolder Folder { get; } = new();

    public string Database => database;

    public SharedPostgres Postgres => postgres;

    /// <summary>What the operations connect with.</summary>
    public PostgreSqlSettings Settings { get; set; } = postgres.Settings(database);

    public static async Task<Shop> OpenAsync(SharedPostgres postgres, int orders = 200)
    {
        var shop = new Shop(postgres, await postgres.NewDatabaseAsync());
        await shop.ExecuteAsync(Schema(orders));
        return shop;
    }

    /// <summary>The statements that make schema 41.</summary>
    public static string Schema(int orders) =>
        $"""
            CREATE TABLE orders (number text PRIMARY KEY, customer text NOT NULL, amount numeric(12, 2) NOT NULL, placed_at timestamptz DEFAULT now());
            CREATE SEQUENCE invoice_numbers;
            CREATE TABLE belay_migrations (version int PRIMARY KEY, name text NOT NULL, checksum text, applied_at timestamptz NOT NULL);
            INSERT INTO belay_migrations VALUES (41, 'baseline', NULL, now());
            INSERT INTO orders SELECT 'seed-' || n, 'customer-' || n % 20, n / 100.0 FROM generate_series(1, {orders}) n;
            SELECT setval('invoice_numbers', 1000);
            """;

    /// <summary>Writes a migration file.</summary>
    public Shop With(string file, string sql)
    {
        Folder.Write(Path.Combine("plan", "migrations", file), sql);
        return this;
    }

    /// <summary>Makes a change, as after a crash when asked again.</summary>
    public BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), Scope());

    /// <summary>Makes a check.</summary>
    public BoundCheck Check(string operation, string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), Scope());

    /// <summary><c>postgresql.migrate</c> with the folder of migrations.</summary>
    public BoundChange Migrate(int to, string more = "", string lockLimit = "300ms") =>
        Change(
            "postgresql.migrate",
            $$"""{ "connection": "db", "directory": "migrations", "to": {{to}}, "lock-limit": "{{lockLimit}}"{{more}} }"""
        );

    /// <summary>Asks as the role.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var session = await OpenSessionAsync();
        await using var command = new NpgsqlCommand(sql, session);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs statements as the role.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var session = await OpenSessionAsync();
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A session of the role.</summary>
    public async Task<NpgsqlConnection> OpenSessionAsync()
    {
        var session = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = Settings.Port,
                Database = database,
                Username = SharedPostgres.Role,
                Password = SharedPostgres.Password,
                Pooling = false,
                ApplicationName = "test",
            }.ConnectionString
        );
        await session.OpenAsync();
        return session;
    }

    /// <summary>The greatest schema version.</summary>
    public Task<int> VersionAsync() => AskAsync<int>("SELECT max(version) FROM belay_migrations");

    public void Dispose() => Folder.Dispose();

    private TestScope Scope() =>
        new(
            Folder.Folder("plan"),
            Folder.Folder("run"),
            TestProgram.Instance.Processes,
            ImmutableDictionary<string, object>.Empty.Add(Connection, Settings)
        )
        {
            // Of one run, so that a second instance of a step knows its own work again.
            RunId = runId,
        };
}

/// <summary>Short ways to carry out a change as the engine does.</summary>
internal static class Course
{
    public static async Task<List<Progress>> ApplyAsync(this BoundChange change)
    {
        var told = new List<Progress>();
        await foreach (var progress in change.ApplyAsync(await change.ObserveAsync(default), default))
            told.Add(progress);
        return told;
    }

    public static async Task UndoAsync(this BoundChange change, JsonElement before)
    {
        await foreach (var _ in change.UndoAsync(before, null, default)) { }
    }

    public static async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(
            await Poll.UntilAsync(async () => await condition(), TimeSpan.FromSeconds(20), CancellationToken.None),
            "it did not come to that within 20 s"
        );

    public static async Task<OperationException> FailAsync(this BoundChange change) =>
        await Assert.ThrowsAsync<OperationException>(change.ApplyAsync);
}
