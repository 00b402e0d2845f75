using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Versions;

namespace Belay.Releases.Paths;

/// <summary>What is stated and what is wanted; ranges and moves are worked out once, since the search for a contradiction asks many times.</summary>
internal sealed class PathQuestion(CompatibilityFacts facts, ImmutableSortedDictionary<string, Want> wants)
{
    private readonly Dictionary<(string Component, string Range), ulong> masks = [];
    private readonly Dictionary<string, ulong[]> moves = new(StringComparer.Ordinal);

    public CompatibilityFacts Facts { get; } = facts;

    public ImmutableSortedDictionary<string, Want> Wants { get; } = wants;

    /// <summary>The states of a component in which it is there with a version of a range.</summary>
    public ulong MaskOf(string component, string range)
    {
        if (masks.TryGetValue((component, range), out var mask))
            return mask;
        var read = VersionRange.TryParse(range) ?? throw new ArgumentException($"'{range}' is no range", nameof(range));
        var versions = Facts.Components[component].Versions;
        for (var i = 0; i < versions.Length; i++)
        {
            if (read.Holds(VersionNumber.TryParse(versions[i])!))
                mask |= PathModel.Bit(i + 1);
        }
        return masks[(component, range)] = mask;
    }

    /// <summary>Where one step may lead from each state of a component; one that is not there may begin with any version.</summary>
    public ulong[] MovesOf(string name)
    {
        if (moves.TryGetValue(name, out var known))
            return known;
        var component = Facts.Components[name];
        var made = PathModel.Onward(component.Versions.Length + 1);
        for (var from = 1; from < made.Length; from++)
        {
            foreach (var to in PathModel.StatesIn(made[from]))
            {
                if (!component.MayMove(from - 1, to - 1))
                    made[from] &= ~PathModel.Bit(to);
            }
        }
        return moves[name] = made;
    }
}
