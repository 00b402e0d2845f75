namespace Belay.Releases.Paths;

/// <summary>Which chains of each component are still possible, and which of two components go together.</summary>
internal sealed class Domains
{
    private readonly ulong[][] open;

    private Domains(ulong[][] open) => this.open = open;

    public static Domains All(ChainTable table) => new([.. table.Chains.Select(chains => Bits.All(chains.Length))]);

    /// <summary>The cheapest chain that is left of a component.</summary>
    public int CheapestOf(int component) => Bits.First(open[component]);

    /// <summary>How many steps there are at least.</summary>
    public int CostIn(ChainTable table) =>
        open.Select((chains, component) => table.Chains[component][Bits.First(chains)].Length - 1).Sum();

    /// <summary>These domains with one component's narrowed; null when it, or another one because of it, has no chain left.</summary>
    public Domains? Narrowed(ChainTable table, int component, Func<int, bool> stays)
    {
        var copy = new Domains([.. open.Select(chains => (ulong[])chains.Clone())]);
        foreach (var chain in Bits.In(copy.open[component]).Where(chain => !stays(chain)).ToArray())
            Bits.Clear(copy.open[component], chain);
        return copy.IsConsistent(table, [component]) ? copy : null;
    }

    /// <summary>Takes out every chain that goes together with none of a neighbour's.</summary>
    /// <returns>Whether each component has a chain left.</returns>
    public bool IsConsistent(ChainTable table, IEnumerable<int> changed)
    {
        var queue = new Queue<int>(changed);
        var isQueued = queue.ToHashSet();
        while (queue.TryDequeue(out var component))
        {
            isQueued.Remove(component);
            if (Bits.IsEmpty(open[component]))
                return false;
            foreach (var other in table.NeighboursOf(component))
            {
                var lost = Bits.In(open[other])
                    .Where(chain => !Bits.Meet(table.Together(other, component, chain), open[component]))
                    .ToArray();
                if (lost.Length == 0)
                    continue;
                foreach (var chain in lost)
                    Bits.Clear(open[other], chain);
                if (isQueued.Add(other))
                    queue.Enqueue(other);
            }
        }
        return Array.TrueForAll(open, chains => !Bits.IsEmpty(chains));
    }
}
