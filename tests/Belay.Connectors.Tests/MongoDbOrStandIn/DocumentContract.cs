using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.MongoDb;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.MongoStandIn;
using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>On a stand-in of its own, which can be taken away.</summary>
public sealed class DocumentContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var fixture = new Fixture();
        await fixture.Shop.SeedAsync(1, ct);
        return fixture;
    }

    private sealed class Fixture : CheckFixture
    {
        private readonly StandInServer server;
        private bool isGone;

        public Fixture()
        {
            server = StandInServer.Start(new StandInOptions { User = "shop", Password = SharedMongo.Password });
            Shop = new ShopDatabase(
                new MongoDbSettings
                {
                    Host = "127.0.0.1",
                    Port = server.Port,
                    Database = "shop",
                    User = "shop",
                    Password = new Secret(SharedMongo.Password),
                }
            );
        }

        public ShopDatabase Shop { get; }

        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find("mongodb.document")!;

        public override JsonElement Inputs { get; } =
            Json(
                """{ "connection": "db", "document": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" }, "expect": 41, "at-least": 41, "at-most": 41.5, "schema": true }"""
            );

        public override IReadOnlyDictionary<string, object> Connections => Shop.Connections;

        public override ImmutableArray<string> Secrets => [SharedMongo.Password];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ShopFixture.SnapshotAsync(Shop, PlanFolder, ct);

        public override async ValueTask BreakAsync(CancellationToken ct) =>
            await Shop.RunAsync(
                """{ "delete": "meta", "deletes": [ { "q": { "_id": "schema" }, "limit": 1 } ] }""",
                ct
            );

        public override async ValueTask TakeAwayAsync(CancellationToken ct)
        {
            isGone = true;
            await server.DisposeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            if (!isGone)
                await server.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
