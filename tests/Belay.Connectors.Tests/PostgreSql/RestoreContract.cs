using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class RestoreContract(SharedPostgres postgres) : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        RestoreFixture.StartAsync(postgres, database => $""" "into": "{database}_belay_copy" """, ct);
}

/// <summary>In the place of a database that is in use.</summary>
[Collection(PostgresTests.Name)]
public sealed class RestoreInPlaceContract(SharedPostgres postgres) : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        RestoreFixture.StartAsync(postgres, _ => """ "replace": true """, ct);
}

internal sealed class RestoreFixture(SharedPostgres postgres, string database, string more) : ChangeFixture
{
    public static async Task<ChangeFixture> StartAsync(
        SharedPostgres postgres,
        Func<string, string> more,
        CancellationToken ct
    )
    {
        var database = await postgres.NewDatabaseAsync();
        await postgres.Server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {Shop.Schema(50)}", database, ct);
        var fixture = new RestoreFixture(postgres, database, more(database));
        await using var backup = ((ChangeDefinition)TestProgram.Instance.Catalog.Find("postgresql.backup")!).Create(
            JsonElement.Parse("""{ "connection": "db", "to": "shop.dump", "prove": "none" }"""),
            fixture.NewScope()
        );
        await backup.ApplyAsync();
        return fixture;
    }

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find("postgresql.restore")!;

    public override JsonElement Inputs => Json($$"""{ "connection": "db", "from": "shop.dump", {{more}} }""");

    public override IReadOnlyDictionary<string, object> Connections =>
        ShopFixture.Connections(postgres.Settings(database));

    public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);
}
