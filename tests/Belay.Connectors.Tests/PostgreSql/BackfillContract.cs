using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class BackfillContract(SharedPostgres postgres) : ChangeContract
{
    protected override int Kills => 8;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var database = await postgres.NewDatabaseAsync();
        // Every time that a row is filled counts: one that is filled twice shows.
        await postgres.Server.ExecuteAsync(
            $"SET ROLE {SharedPostgres.Role}; CREATE TABLE items (id bigint PRIMARY KEY, filled int NOT NULL DEFAULT 0); INSERT INTO items SELECT n FROM generate_series(1, 300) n",
            database,
            ct
        );
        return new Fixture(postgres, database);
    }

    private sealed class Fixture(SharedPostgres postgres, string database) : ChangeFixture
    {
        public override KitProgram Program => TestProgram.Instance;

        public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find("postgresql.backfill")!;

        public override JsonElement Inputs { get; } =
            Json(
                """
                {
                  "connection": "db", "name": "items", "table": "items", "key": "id", "batch": 20, "pause": "2ms",
                  "statement": "UPDATE items SET filled = filled + 1 WHERE id BETWEEN $1 AND $2",
                  "left": "SELECT count(*) FROM items WHERE filled = 0",
                  "way-back": "statement", "undo": "UPDATE items SET filled = filled - 1 WHERE id BETWEEN $1 AND $2"
                }
                """
            );

        public override IReadOnlyDictionary<string, object> Connections =>
            ShopFixture.Connections(postgres.Settings(database));

        public override ImmutableArray<string> Secrets => [SharedPostgres.Password];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ShopFixture.SnapshotAsync(postgres, database, PlanFolder, ct);

        public override async ValueTask<int?> CountEffectsAsync(CancellationToken ct)
        {
            var counts = (string)
                (
                    await postgres.Server.ExecuteAsync(
                        "SELECT min(filled) || '-' || max(filled) FROM items",
                        database,
                        ct
                    )
                )!;
            return counts switch
            {
                "1-1" => 1,
                "0-0" => 0,
                _ => int.MaxValue,
            };
        }
    }
}
