using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>A shop of its own for each test of the contract suite.</summary>
internal sealed class ShopFixture(Shop shop, string operation, string inputs) : ChangeFixture
{
    public static async Task<ChangeFixture> StartAsync(
        string operation,
        Func<Shop, string> inputs,
        CancellationToken ct,
        Func<Shop, Task>? prepare = null,
        int balancers = 1
    )
    {
        var shop = await Shop.StartAsync(ct, balancers);
        await shop.WaitUntilUpAsync(ct);
        if (prepare is not null)
            await prepare(shop);
        return new ShopFixture(shop, operation, inputs(shop));
    }

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json($$"""{ "connection": "edge", "backend": "shop", {{inputs}} }""");

    public override IReadOnlyDictionary<string, object> Connections { get; } =
        new Dictionary<string, object>(StringComparer.Ordinal) { ["edge"] = shop.Settings };

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        shop.SnapshotAsync(ct);

    public override async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await base.DisposeAsync();
    }
}
