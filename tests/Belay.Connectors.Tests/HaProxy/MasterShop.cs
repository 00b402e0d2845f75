using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.HaProxy;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Operations on balancers that are reached through their masters.</summary>
internal sealed class MasterShop(IReadOnlyList<MasterBalancer> balancers)
{
    private HaProxySettings settings = new()
    {
        Masters = [.. balancers.Select(b => b.Master)],
        StateFiles = balancers.ToImmutableSortedDictionary(b => b.Master, b => b.StateFile),
    };

    /// <summary>The same balancers, reached by the stats sockets of the workers that serve.</summary>
    public MasterShop ByStatsSockets() =>
        new(balancers) { settings = new() { Sockets = [.. balancers.Select(b => b.Socket)] } };

    public BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(Shop.Inputs(inputs), Scope());

    public BoundCheck Check(string operation, string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(Shop.Inputs(inputs), Scope());

    /// <summary>Applies as the engine does; returns the state before.</summary>
    public async Task<JsonElement> ApplyAsync(string operation, string inputs, CancellationToken ct)
    {
        await using var change = Change(operation, inputs);
        var before = await change.ObserveAsync(ct);
        await foreach (var _ in change.ApplyAsync(before, ct)) { }
        Assert.Empty(change.Plan(await change.ObserveAsync(ct)).Lines);
        return before;
    }

    /// <summary>Each server on each worker that serves, read without the operations.</summary>
    public async Task<IEnumerable<(string Name, string State)>> SnapshotAsync(CancellationToken ct)
    {
        var states = await Task.WhenAll(balancers.Select(b => b.CommandAsync("show servers state", ct)));
        return states.SelectMany(Shop.Servers);
    }

    // No operation on a balancer has files of its own.
    private TestScope Scope() =>
        new(
            Path.GetTempPath(),
            Path.GetTempPath(),
            TestProgram.Instance.Processes,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["edge"] = settings }
        );
}
