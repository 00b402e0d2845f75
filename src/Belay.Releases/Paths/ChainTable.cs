using System.Collections.Immutable;

namespace Belay.Releases.Paths;

/// <summary>The chains of all components, and which chains of two components can be gone together when nobody else is there.</summary>
internal sealed class ChainTable
{
    private readonly PathModel model;
    private readonly Dictionary<(int, int), ulong[][]> together = [];

    public ChainTable(PathModel model)
    {
        this.model = model;
        Chains = [.. Enumerable.Range(0, model.Names.Length).Select(component => ChainMaker.Of(model, component))];
    }

    /// <summary>By component: its chains, the cheapest first.</summary>
    public ImmutableArray<ImmutableArray<ImmutableArray<int>>> Chains { get; }

    public IEnumerable<int> NeighboursOf(int component) => model.NeighboursOf(component);

    /// <summary>The chains of another component that go together with one.</summary>
    public ulong[] Together(int component, int other, int chain)
    {
        if (!together.TryGetValue((component, other), out var rows))
            together[(component, other)] = rows = [
                .. Chains[component].Select(one => PartnersOf(one, component, other)),
            ];
        return rows[chain];
    }

    private ulong[] PartnersOf(ImmutableArray<int> chain, int component, int other)
    {
        var partners = Bits.None(Chains[other].Length);
        var rows = model.Beside(component, other);
        for (var i = 0; i < Chains[other].Length; i++)
        {
            if (GoTogether(chain, Chains[other][i], rows))
                Bits.Set(partners, i);
        }
        return partners;
    }

    /// <summary>Whether there is a way through the grid of both that enters no forbidden place.</summary>
    private static bool GoTogether(ImmutableArray<int> one, ImmutableArray<int> two, ulong[] rows)
    {
        var reached = 1UL;
        for (var i = 0; i < one.Length; i++)
        {
            var before = false;
            var row = 0UL;
            for (var j = 0; j < two.Length; j++)
            {
                before = (rows[one[i]] & PathModel.Bit(two[j])) != 0 && (before || (reached & PathModel.Bit(j)) != 0);
                if (before)
                    row |= PathModel.Bit(j);
            }
            reached = row;
        }
        return (reached & PathModel.Bit(two.Length - 1)) != 0;
    }
}
