using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class SchemaVersionContract(SharedPostgres postgres) : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) =>
        ShopCheck.StartAsync(
            postgres,
            "postgresql.schema-version",
            """{ "connection": "db", "expect": 41 }""",
            "INSERT INTO belay_migrations VALUES (42, 'other', NULL, now())",
            ct
        );
}

[Collection(PostgresTests.Name)]
public sealed class QueryContract(SharedPostgres postgres) : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) =>
        ShopCheck.StartAsync(
            postgres,
            "postgresql.query",
            """{ "connection": "db", "sql": "SELECT count(*) FROM orders", "at-least": 50, "at-most": 50.5, "expect": "50", "rows": 1 }""",
            "DELETE FROM orders",
            ct
        );
}

/// <summary>A check on a shop, what breaks it, and a connection that can be taken away.</summary>
internal sealed class ShopCheck(
    SharedPostgres postgres,
    string database,
    string operation,
    string inputs,
    string breaking
) : CheckFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections =>
        ShopFixture.Connections(postgres.Settings(database));

    public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

    public static async Task<CheckFixture> StartAsync(
        SharedPostgres postgres,
        string operation,
        string inputs,
        string breaking,
        CancellationToken ct
    )
    {
        var database = await postgres.NewDatabaseAsync();
        await postgres.Server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {Shop.Schema(50)}", database, ct);
        return new ShopCheck(postgres, database, operation, inputs, breaking);
    }

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);

    public override async ValueTask BreakAsync(CancellationToken ct) =>
        await postgres.Server.ExecuteAsync(breaking, database, ct);

    public override async ValueTask TakeAwayAsync(CancellationToken ct) =>
        await postgres.Server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)", ct: ct);
}
