using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

[Collection(MongoTests.Name)]
public sealed class BackupContract(SharedMongo mongo) : ChangeContract
{
    protected override int Kills => 5;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new Fixture(await mongo.NewShopAsync());

    private sealed class Fixture(ShopDatabase shop)
        : ShopFixture(
            shop,
            "mongodb.backup",
            """{ "connection": "db", "to": "backups/shop.archive", "schema": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" } }"""
        )
    {
        private readonly ShopDatabase shop = shop;

        public override async ValueTask WriteAfterBackupAsync(CancellationToken ct)
        {
            await shop.RunAsync(
                """{ "update": "orders", "updates": [ { "q": { "_id": 1 }, "u": { "$set": { "amount": 0 } } } ] }""",
                ct
            );
            await shop.RunAsync("""{ "delete": "orders", "deletes": [ { "q": { "_id": 2 }, "limit": 1 } ] }""", ct);
            await shop.RunAsync("""{ "insert": "later", "documents": [ { "_id": 1 } ] }""", ct);
        }
    }
}
