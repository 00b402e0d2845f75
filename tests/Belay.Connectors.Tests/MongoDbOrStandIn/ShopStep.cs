using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>Steps of one run on a shop's database.</summary>
internal sealed class ShopStep(ShopDatabase shop) : IDisposable
{
    private readonly string runId = $"run-{Guid.NewGuid():N}";

    public ShopDatabase Shop => shop;

    public TestFolder Folder { get; } = new();

    /// <summary>Makes a change, as after a crash when asked again.</summary>
    public BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), Scope());

    /// <summary>Makes a check.</summary>
    public BoundCheck Check(string operation, string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), Scope());

    /// <summary>Carries out a change as the engine does, and hands out its state after.</summary>
    public async Task<JsonElement> ApplyAsync(string operation, string inputs)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var change = Change(operation, inputs);
        await foreach (var _ in change.ApplyAsync(await change.ObserveAsync(ct), ct)) { }
        var after = await change.ObserveAsync(ct);
        Assert.True(change.Plan(after).IsEmpty, "something is left to do");
        return after;
    }

    /// <summary>Carries out a change that must fail.</summary>
    public Task<OperationException> FailAsync(string operation, string inputs) =>
        Assert.ThrowsAsync<OperationException>(() => ApplyAsync(operation, inputs));

    public void Dispose() => Folder.Dispose();

    private TestScope Scope() =>
        new(Folder.Folder("plan"), Folder.Folder("run"), TestProgram.Instance.Processes, shop.Connections)
        {
            RunId = runId,
        };
}
