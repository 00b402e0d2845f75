using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class MigrateContract(SharedPostgres postgres) : ChangeContract
{
    protected override int Kills => 8;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var fixture = new Fixture(postgres, await postgres.NewDatabaseAsync());
        await fixture.PrepareAsync(ct);
        return fixture;
    }

    private sealed class Fixture(SharedPostgres postgres, string database) : ChangeFixture
    {
        private const int Files = 3;

        public override KitProgram Program => TestProgram.Instance;

        public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find("postgresql.migrate")!;

        public override JsonElement Inputs { get; } =
            Json("""{ "connection": "db", "directory": "migrations", "to": 44, "way-back": "down-files" }""");

        public override IReadOnlyDictionary<string, object> Connections =>
            ShopFixture.Connections(postgres.Settings(database));

        public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

        public async Task PrepareAsync(CancellationToken ct)
        {
            await ExecuteAsync(Shop.Schema(50), ct);
            // Each file writes a row here: one that is applied twice shows.
            await ExecuteAsync("CREATE TABLE effects (file int, at timestamptz DEFAULT clock_timestamp())", ct);
            for (var version = 42; version < 42 + Files; version++)
            {
                Folder.Write(
                    $"plan/migrations/0{version}_step.sql",
                    $"CREATE TABLE step_{version} (n int);\nINSERT INTO effects VALUES ({version});\nSELECT pg_sleep(0.03);"
                );
                Folder.Write(
                    $"plan/migrations/0{version}_step.down.sql",
                    $"DROP TABLE step_{version};\nDELETE FROM effects WHERE file = {version};"
                );
            }
        }

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);

        public override async ValueTask<int?> CountEffectsAsync(CancellationToken ct)
        {
            var counts = (string)
                (
                    await postgres.Server.ExecuteAsync(
                        "SELECT coalesce(min(n), 0) || '-' || coalesce(max(n), 0) || '-' || count(*) FROM (SELECT count(*) AS n FROM effects GROUP BY file) AS counts",
                        database,
                        ct
                    )
                )!;
            return counts switch
            {
                "1-1-3" => 1,
                "0-0-0" => 0,
                _ => int.MaxValue,
            };
        }

        private Task<object?> ExecuteAsync(string sql, CancellationToken ct) =>
            postgres.Server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {sql}", database, ct);
    }
}
