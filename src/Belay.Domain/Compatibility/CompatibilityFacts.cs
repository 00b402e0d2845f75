using System.Collections.Immutable;

namespace Belay.Domain.Compatibility;

/// <summary>What is stated of the components of a system: which versions there are, how each moves, and what works with what.</summary>
public sealed record CompatibilityFacts
{
    /// <summary>The components, by name.</summary>
    public required ImmutableSortedDictionary<string, Component> Components { get; init; }

    /// <summary>What works only with what, in the order of the file.</summary>
    public ImmutableArray<Need> Needs { get; init; } = [];

    /// <summary>The version that each component has now; one that is not named here is not there.</summary>
    public required ImmutableSortedDictionary<string, string> Now { get; init; }
}
