using System.Collections.Immutable;
using Belay.Domain.Compatibility;

namespace Belay.Planning.Compatibility;

/// <summary>What became of reading a compatibility file. A closed hierarchy.</summary>
public abstract record CompatibilityResult
{
    private CompatibilityResult() { }

    /// <summary>What the file and the person state.</summary>
    /// <param name="Facts">The components and what works with what.</param>
    /// <param name="Wants">What shall run in the end, by component; never empty.</param>
    public sealed record Loaded(CompatibilityFacts Facts, ImmutableSortedDictionary<string, Want> Wants)
        : CompatibilityResult;

    /// <summary>All that is wrong, by file, line and column; never empty.</summary>
    public sealed record Refused(ImmutableArray<Diagnostic> Diagnostics) : CompatibilityResult;
}
