using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class RestoreContract(SharedPostgres postgres) : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var database = await postgres.NewDatabaseAsync();
        await postgres.Server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {Shop.Schema(50)}", database, ct);
        var fixture = new Fixture(postgres, database);
        await using var backup = ((ChangeDefinition)TestProgram.Instance.Catalog.Find("postgresql.backup")!).Create(
            JsonElement.Parse("""{ "connection": "db", "to": "shop.dump", "prove": "none" }"""),
            fixture.NewScope()
        );
        await backup.ApplyAsync();
        return fixture;
    }

    private sealed class Fixture(SharedPostgres postgres, string database) : ChangeFixture
    {
        private string Copy => $"{database}_belay_copy";

        public override KitProgram Program => TestProgram.Instance;

        public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find("postgresql.restore")!;

        public override JsonElement Inputs =>
            Json($$"""{ "connection": "db", "from": "shop.dump", "into": "{{Copy}}" }""");

        public override IReadOnlyDictionary<string, object> Connections =>
            ShopFixture.Connections(postgres.Settings(database));

        public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);
    }
}
