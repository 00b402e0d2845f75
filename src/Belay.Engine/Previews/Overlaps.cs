using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Engine.Previews;

/// <summary>Which later changes work on what an earlier one works on: what was foreseen of those may still become something else.</summary>
internal sealed class Overlaps
{
    private readonly Dictionary<string, string> byResource = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> unknown = new(StringComparer.Ordinal);

    /// <summary>Takes a change in whose touches are known.</summary>
    /// <returns>The first step before it that works on the same thing; null: none does.</returns>
    public string? Add(string step, string operation, ImmutableArray<Touch> touches)
    {
        var before =
            touches
                .Select(touch => byResource.GetValueOrDefault(touch.Resource))
                .FirstOrDefault(found => found is not null)
            ?? unknown.GetValueOrDefault(ConnectorOf(operation));
        foreach (var touch in touches.Where(touch => touch.Kind != TouchKind.Read))
            byResource.TryAdd(touch.Resource, step);
        return before;
    }

    /// <summary>Takes a change in of which nothing is known but its operation: it may work on anything that its connector reaches.</summary>
    public void Add(string step, string operation) => unknown.TryAdd(ConnectorOf(operation), step);

    private static string ConnectorOf(string operation) =>
        operation[..operation.IndexOf('.', StringComparison.Ordinal)];
}
