using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.Tests.Files;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>A change on a shop's database. The live system is every database of the test and every file of the plan's folder.</summary>
internal class ShopFixture(ShopDatabase shop, string operation, string inputs) : ChangeFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => shop.Connections;

    public override ImmutableArray<string> Secrets => [SharedMongo.Password];

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        SnapshotAsync(shop, PlanFolder, ct);

    /// <summary>Everything of the shop that a step could reach.</summary>
    public static async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(
        ShopDatabase shop,
        string folder,
        CancellationToken ct
    )
    {
        var live = FileSnapshot.Of(folder);
        foreach (var name in await shop.DatabasesAsync(ct))
        {
            var place = name == shop.Name ? "mongodb:db" : $"mongodb:db/{name}";
            foreach (var (collection, content) in await shop.ReadAsync(ct, name))
                live = live.Add($"{place}/{collection}", content);
        }
        return live;
    }
}
