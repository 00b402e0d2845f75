using System.Collections.Immutable;
using Belay.Connectors.MongoDb;
using Belay.Connectors.MongoDb.Wire;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>A server 7.0 whose feature compatibility version is still 6.0.</summary>
internal sealed class VersionFixture : ShopFixture
{
    private static readonly StandInOptions Options = new() { ReplicaSet = "rs0", FeatureCompatibility = "6.0" };
    private readonly StandInServer server;
    private readonly ShopDatabase shop;

    public VersionFixture(string to)
        : this(StandInServer.Start(Options), to) { }

    private VersionFixture(StandInServer server, string to)
        : this(server, new ShopDatabase(Settings(server)), to) { }

    private VersionFixture(StandInServer server, ShopDatabase shop, string to)
        : base(shop, "mongodb.feature-compatibility", $$"""{ "connection": "db", "to": "{{to}}" }""") =>
        (this.server, this.shop) = (server, shop);

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        var reply = await shop.RunAsync("""{ "getParameter": 1, "featureCompatibilityVersion": 1 }""", ct);
        return (await base.SnapshotAsync(ct)).Add("mongodb:db/version", ExtendedJson.ToText(reply));
    }

    /// <summary>How often it was set, as the oplog says.</summary>
    public override ValueTask<int?> CountEffectsAsync(CancellationToken ct) =>
        ValueTask.FromResult<int?>(
            server.Store.Oplog.Count(entry => entry.At("o.setFeatureCompatibilityVersion") is not null)
        );

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await base.DisposeAsync();
    }

    private static MongoDbSettings Settings(StandInServer server) =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Database = "shop",
        };
}
