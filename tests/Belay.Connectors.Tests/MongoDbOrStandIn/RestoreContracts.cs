using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>Into a database that is not there.</summary>
[Collection(MongoTests.Name)]
public sealed class RestoreContract(SharedMongo mongo) : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var shop = await mongo.NewShopAsync();
        return await RestoreFixture.StartAsync(shop, $""" "into": "{shop.Name}_copy" """);
    }
}

/// <summary>In the place of a database that is in use.</summary>
[Collection(MongoTests.Name)]
public sealed class RestoreInPlaceContract(SharedMongo mongo) : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var shop = await mongo.NewShopAsync();
        var fixture = await RestoreFixture.StartAsync(shop, $""" "replace": "{shop.Name}" """);
        await shop.RunAsync("""{ "insert": "later", "documents": [ { "_id": 1 } ] }""", ct);
        return fixture;
    }
}

internal static class RestoreFixture
{
    public static async Task<ChangeFixture> StartAsync(ShopDatabase shop, string more)
    {
        var fixture = new ShopFixture(
            shop,
            "mongodb.restore",
            $$"""{ "connection": "db", "from": "shop.archive", {{more}} }"""
        );
        await using var backup = ((ChangeDefinition)TestProgram.Instance.Catalog.Find("mongodb.backup")!).Create(
            JsonElement.Parse("""{ "connection": "db", "to": "shop.archive", "prove": "none" }"""),
            fixture.NewScope()
        );
        await foreach (var _ in backup.ApplyAsync(await backup.ObserveAsync(default), default)) { }
        return fixture;
    }
}
