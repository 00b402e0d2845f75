using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Http;

/// <summary>A service of its own for each test of the contract suite.</summary>
internal sealed class OrderFixture(string operation, Func<OrderService, string> inputs, bool counts) : ChangeFixture
{
    private readonly OrderService service = new();

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs => Json(inputs(service));

    public override ImmutableArray<string> Secrets => ["open-sesame", "hunter2"];

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(service.Snapshot());

    public override ValueTask<int?> CountEffectsAsync(CancellationToken ct) =>
        ValueTask.FromResult<int?>(counts ? service.Accepted : null);

    public override async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await base.DisposeAsync();
    }
}
