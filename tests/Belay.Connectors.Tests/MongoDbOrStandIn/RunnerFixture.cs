using Belay.Connectors.MongoDb;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>A shop on a stand-in of its own, and a release's runner that brings it from schema 41 to 43.</summary>
internal sealed class RunnerFixture(StandInServer server, ShopDatabase shop, string inputs, bool isRepeatable)
    : ShopFixture(shop, "mongodb.migrate", inputs)
{
    private readonly ShopDatabase shop = shop;

    public static async Task<RunnerFixture> StartAsync(string more, CancellationToken ct)
    {
        var server = StandInServer.Start();
        var seeded = new ShopDatabase(
            new MongoDbSettings
            {
                Host = "127.0.0.1",
                Port = server.Port,
                Database = SharedMongo.NewName(),
            }
        );
        await seeded.SeedAsync(50, ct);
        return new RunnerFixture(
            server,
            seeded,
            $$"""
            {
              "connection": "db",
              "version": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" },
              "from": 41,
              "to": 43,
              "command": ["sh", "-c", "echo begun >> ../runs.log; exec \"$@\"", "runner",
                "{{StandInTools.Program}}", "migrate", "--port={{server.Port}}", "--db={{seeded.Name}}", "--to=43"]
              {{more}}
            }
            """,
            more.Length > 0
        );
    }

    /// <summary>How often the runner was started; of one that may be started again only whether its work was done.</summary>
    public override async ValueTask<int?> CountEffectsAsync(CancellationToken ct)
    {
        if (isRepeatable)
            return null;
        var log = Folder["runs.log"];
        return File.Exists(log) ? (await File.ReadAllLinesAsync(log, ct)).Length : 0;
    }

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>The names of the shop's collections.</summary>
    public async Task<IEnumerable<string>> CollectionsAsync(CancellationToken ct) => (await shop.ReadAsync(ct)).Keys;
}
