using System.Collections.Immutable;

namespace Belay.Releases.Paths;

/// <summary>
/// Finds for each component the chain that it goes, so that all can be put in one order, with the fewest steps in all: best first by
/// the least cost of what is still possible. Where the cheapest chains cannot be put in order, one of those in conflict must be another.
/// </summary>
internal static class PathSearch
{
    /// <summary>How many choices of chains are tried.</summary>
    private const int Patience = 2_000;

    /// <summary>The chosen chains with their stages; null: there is no path.</summary>
    /// <param name="model">The question.</param>
    /// <param name="fewest">Whether it is to be the path with the fewest steps; else any will do, and is found sooner.</param>
    /// <exception cref="TooManyWaysException">There are more ways than are tried.</exception>
    public static Way? Find(PathModel model, bool fewest = true)
    {
        if (model.HasNoEnd)
            return null;
        var table = new ChainTable(model);
        if (table.Chains.Any(chains => chains.IsEmpty))
            return null;
        var open = new PriorityQueue<Domains, (int Cost, int Number)>();
        var all = Domains.All(table);
        if (!all.IsConsistent(table, Enumerable.Range(0, model.Names.Length)))
            return null;
        open.Enqueue(all, (0, 0));
        for (var tried = 1; open.TryDequeue(out var domains, out _); tried++)
        {
            if (tried > Patience)
                throw new TooManyWaysException("there are too many ways to combine the components' versions");
            var choice = Enumerable.Range(0, model.Names.Length).Select(domains.CheapestOf).ToArray();
            if (ConflictIn(table, choice) is not { } conflict)
            {
                var chains = Chosen(table, choice, Enumerable.Range(0, choice.Length));
                if (ChainOrder.Find(model, chains) is { } stages)
                    return new Way(chains, stages);
                conflict = Smallest(model, table, choice);
            }
            foreach (var child in Children(table, domains, choice, conflict))
                // Of equal cost the one that is decided further comes first.
                open.Enqueue(child, (fewest ? child.CostIn(table) : 0, -tried));
        }
        return null;
    }

    /// <summary>Two components whose chosen chains do not go together; null when there are none.</summary>
    private static ImmutableArray<int>? ConflictIn(ChainTable table, int[] choice)
    {
        for (var component = 0; component < choice.Length; component++)
        {
            foreach (var other in table.NeighboursOf(component).Where(other => component < other))
            {
                if (!Bits.Has(table.Together(component, other, choice[component]), choice[other]))
                    return [component, other];
            }
        }
        return null;
    }

    /// <summary>Components whose chosen chains cannot be put in order, none of which can be left out of that.</summary>
    private static ImmutableArray<int> Smallest(PathModel model, ChainTable table, int[] choice)
    {
        var rest = Enumerable.Range(0, choice.Length).Where(i => table.Chains[i][choice[i]].Length > 1).ToList();
        foreach (var component in rest.ToArray())
        {
            var without = rest.Where(other => other != component);
            if (ChainOrder.Find(model, Chosen(table, choice, without)) is null)
                rest.Remove(component);
        }
        return [.. rest];
    }

    /// <summary>Every solution has another chain for at least one of those in conflict: here for the first, there for the second and not the first, and so on.</summary>
    private static IEnumerable<Domains> Children(
        ChainTable table,
        Domains domains,
        int[] choice,
        ImmutableArray<int> conflict
    )
    {
        Domains? rest = domains;
        foreach (var component in conflict)
        {
            if (rest.Narrowed(table, component, chain => chain != choice[component]) is { } child)
                yield return child;
            rest = rest.Narrowed(table, component, chain => chain == choice[component]);
            if (rest is null)
                yield break;
        }
    }

    private static ImmutableArray<(int Component, ImmutableArray<int> Chain)> Chosen(
        ChainTable table,
        int[] choice,
        IEnumerable<int> components
    ) => [.. components.Select(component => (component, table.Chains[component][choice[component]]))];
}

/// <summary>A path as numbers.</summary>
/// <param name="Chains">Each component with the states it goes through.</param>
/// <param name="Stages">The steps: a place in <paramref name="Chains"/> and one in that chain.</param>
internal sealed record Way(
    ImmutableArray<(int Component, ImmutableArray<int> Chain)> Chains,
    ImmutableArray<ImmutableArray<(int Chain, int Position)>> Stages
);
