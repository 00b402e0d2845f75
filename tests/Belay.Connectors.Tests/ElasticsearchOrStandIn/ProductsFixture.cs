using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using Belay.ElasticsearchStandIn;
using ConnectorKit;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>A change on the products of a shop. The live system is every index, alias and snapshot of the test.</summary>
internal class ProductsFixture(Products products, string operation, string inputs) : ChangeFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => products.Connections;

    public override ImmutableArray<string> Secrets => [SharedSearch.Password];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        await products.SnapshotAsync(ct);

    public override async ValueTask DisposeAsync()
    {
        products.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>A check on the products of a shop, on a stand-in of its own, which can be taken away.</summary>
internal sealed class ProductsCheck(
    StandInServer server,
    Products products,
    string operation,
    string inputs,
    Func<Products, Task> breaking
) : CheckFixture
{
    private readonly CancellationTokenSource ending = new();
    private Task going = Task.CompletedTask;

    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => products.Connections;

    public override ImmutableArray<string> Secrets => [SharedSearch.Password];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        await products.SnapshotAsync(ct);

    /// <summary>Does it again and again, for checks that look for a while.</summary>
    public override async ValueTask BreakAsync(CancellationToken ct)
    {
        await breaking(products);
        going = GoOnAsync(ct);
    }

    public override async ValueTask TakeAwayAsync(CancellationToken ct) => await server.DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await going;
        ending.Dispose();
        await server.DisposeAsync();
        products.Dispose();
        await base.DisposeAsync();
    }

    private async Task GoOnAsync(CancellationToken ct)
    {
        while (!ending.IsCancellationRequested)
        {
            await breaking(products);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }
    }
}
