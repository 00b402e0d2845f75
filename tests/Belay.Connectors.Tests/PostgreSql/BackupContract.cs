using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class BackupContract(SharedPostgres postgres) : ChangeContract
{
    protected override int Kills => 6;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var database = await postgres.NewDatabaseAsync();
        await postgres.Server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {Shop.Schema(200)}", database, ct);
        return new Fixture(postgres, database);
    }

    private sealed class Fixture(SharedPostgres postgres, string database) : ChangeFixture
    {
        public override KitProgram Program => TestProgram.Instance;

        public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find("postgresql.backup")!;

        public override JsonElement Inputs { get; } = Json("""{ "connection": "db", "to": "backups/shop.dump" }""");

        public override IReadOnlyDictionary<string, object> Connections =>
            ShopFixture.Connections(postgres.Settings(database));

        public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);

        public override async ValueTask WriteAfterBackupAsync(CancellationToken ct) =>
            await postgres.Server.ExecuteAsync(
                $"SET ROLE {SharedPostgres.Role}; UPDATE orders SET amount = 0 WHERE number = 'seed-1'; DELETE FROM orders WHERE number = 'seed-2'; CREATE TABLE later (n int)",
                database,
                ct
            );
    }
}
