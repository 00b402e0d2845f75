using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Versions;

namespace Belay.Domain.Lint;

/// <summary>Components move only as they may, and at every moment everything that runs works with everything else that runs.</summary>
internal sealed class OffThePath
{
    public const string Code = "off-the-path";

    private readonly CompatibilityFacts facts;
    private readonly Neighbours neighbours;
    private readonly ImmutableArray<Entry> moving;

    private OffThePath(CompatibilityFacts facts, Outline outline)
    {
        this.facts = facts;
        neighbours = new Neighbours(facts.Needs);
        moving = [.. outline.Entries.Where(entry => entry.Item.Moves is not null)];
    }

    public static IEnumerable<Finding> Check(Outline outline) =>
        outline.Plan.Compatibility is { } facts ? new OffThePath(facts, outline).Check() : [];

    private IEnumerable<Finding> Check()
    {
        foreach (var need in Broken(facts.Components.Keys, name => [facts.Now.GetValueOrDefault(name)]))
            yield return Of(Finding.WholePlan, $"what runs now does not work together: {need}");
        foreach (var entry in moving)
        {
            foreach (var (component, version) in entry.Item.Moves!)
            {
                foreach (var message in Check(entry, component, version))
                    yield return Of(entry.Id, $"'{entry.Name}' moves {component} to {version}, {message}");
            }
        }
    }

    private IEnumerable<string> Check(Entry entry, string component, string version)
    {
        foreach (var before in Possible(component, entry).Where(before => before is not null && before != version))
        {
            var known = facts.Components[component];
            if (!known.MayMove(known.IndexOf(before!), known.IndexOf(version)))
                yield return $"and one step may not lead there from {before}{Place(known)}";
        }
        foreach (
            var need in Broken(
                facts.Components.Keys,
                name => name == component ? [version] : Possible(name, entry),
                component
            )
        )
            yield return $"where something else runs than it works with: {need}{(need.At is null ? "" : $" ({need.At})")}";
    }

    private static string Place(Component component) => component.At is null ? "" : $" ({component.At})";

    /// <summary>The statements that some of the possible versions break, those about one component only where it is named.</summary>
    private IEnumerable<Need> Broken(IEnumerable<string> names, Func<string, string?[]> possible, string? only = null)
    {
        var known = names.ToArray();
        return known
            .SelectMany((a, i) => known.Skip(i + 1).Select(b => (A: a, B: b)))
            .Where(pair => (only is null || pair.A == only || pair.B == only) && neighbours.Concern(pair.A, pair.B))
            .SelectMany(pair =>
                from a in possible(pair.A)
                from b in possible(pair.B)
                from need in neighbours.Broken(pair.A, Read(a), pair.B, Read(b))
                select need
            )
            .Distinct();
    }

    private static VersionNumber? Read(string? version) => version is null ? null : VersionNumber.TryParse(version);

    /// <summary>The versions that a component may have while an item ends: the last that is certain, and those of items that run beside it, around it or in it.</summary>
    private string?[] Possible(string component, Entry at)
    {
        var possible = new List<string?> { facts.Now.GetValueOrDefault(component) };
        foreach (var entry in moving)
        {
            if (entry == at || !entry.Item.Moves!.TryGetValue(component, out var version))
                continue;
            if (entry.MayRunBeside(at) || IsAround(entry, at))
                possible.Add(version);
            else if (IsAround(at, entry) || entry.IsDoneBefore(at))
                possible = [version];
        }
        return [.. possible.Distinct()];
    }

    private static bool IsAround(Entry group, Entry inside)
    {
        for (var entry = inside.Parent; entry is not null; entry = entry.Parent)
        {
            if (entry == group)
                return true;
        }
        return false;
    }

    private static Finding Of(string step, string message) =>
        new()
        {
            Code = Code,
            Step = step,
            Message = message,
            Hint = "'belay path' finds an order in which everything works with everything at every moment",
        };
}
