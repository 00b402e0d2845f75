using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Belay.Releases.Paths;

/// <summary>
/// An order of the steps of chosen chains in which every state on the way is compatible. Of two states that may not stand beside each
/// other one is left before the other is entered: each such pair becomes an edge between two steps, or a choice between two edges.
/// </summary>
internal sealed class ChainOrder
{
    /// <summary>How many choices are tried.</summary>
    private const int Patience = 20_000;

    private readonly PathModel model;
    private readonly ImmutableArray<(int Component, ImmutableArray<int> Chain)> chains;
    private readonly int[] first;
    private readonly int count;
    private readonly int words;
    private int tried;

    private ChainOrder(PathModel model, ImmutableArray<(int, ImmutableArray<int>)> chains)
    {
        (this.model, this.chains) = (model, chains);
        first = new int[chains.Length];
        for (var i = 0; i < chains.Length; i++)
        {
            first[i] = count;
            count += this.chains[i].Chain.Length - 1;
        }
        words = (count + 63) / 64;
    }

    /// <summary>The steps by stage: each step is a place in <paramref name="chains"/> and a place in that chain. Null: there is no order.</summary>
    /// <exception cref="TooManyWaysException">There are more choices than are tried.</exception>
    public static ImmutableArray<ImmutableArray<(int Chain, int Position)>>? Find(
        PathModel model,
        ImmutableArray<(int Component, ImmutableArray<int> Chain)> chains
    )
    {
        var order = new ChainOrder(model, chains);
        var after = new ulong[order.count * order.words];
        order.DrawChains(after);
        return order.Choices() is { } choices && order.Solve(after, choices) is { } solved
            ? order.Stages(solved)
            : null;
    }

    private void DrawChains(ulong[] after)
    {
        for (var i = 0; i < chains.Length; i++)
        {
            for (var position = 1; position < chains[i].Chain.Length - 1; position++)
                Add(after, new Edge(Step(i, position), Step(i, position + 1)));
        }
    }

    /// <summary>One for each two states that may not stand beside each other; null when two of them must.</summary>
    private List<Choice>? Choices()
    {
        var places = chains.Index().ToDictionary(one => one.Item.Component, one => one.Index);
        var choices = new List<Choice>();
        foreach (var (component, a) in places)
        {
            foreach (var other in model.NeighboursOf(component).Where(other => component < other))
            {
                if (places.TryGetValue(other, out var b) && !Add(choices, a, b))
                    return null;
            }
        }
        return choices;
    }

    private bool Add(List<Choice> choices, int a, int b)
    {
        var rows = model.Beside(chains[a].Component, chains[b].Component);
        var (one, two) = (chains[a].Chain, chains[b].Chain);
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = 0; j < two.Length; j++)
            {
                if ((rows[one[i]] & PathModel.Bit(two[j])) != 0)
                    continue;
                var choice = new Choice(
                    j < two.Length - 1 && i > 0 ? new Edge(Step(b, j + 1), Step(a, i)) : null,
                    i < one.Length - 1 && j > 0 ? new Edge(Step(a, i + 1), Step(b, j)) : null
                );
                if (choice is { One: null, Two: null })
                    return false;
                choices.Add(choice);
            }
        }
        return true;
    }

    private ulong[]? Solve(ulong[] after, List<Choice> open)
    {
        if (++tried > Patience)
            throw new TooManyWaysException("the steps can be ordered in too many ways");
        if (Decided(after, open) is not { } left)
            return null;
        if (left is [])
            return after;
        foreach (var edge in new[] { left[0].One!.Value, left[0].Two!.Value })
        {
            var copy = (ulong[])after.Clone();
            if (Add(copy, edge) && Solve(copy, left) is { } solved)
                return solved;
        }
        return null;
    }

    /// <summary>Draws all edges of which there is no choice; gives the choices that are left, null when there is none somewhere.</summary>
    private List<Choice>? Decided(ulong[] after, List<Choice> open)
    {
        for (var isMoved = true; isMoved; )
        {
            isMoved = false;
            var left = new List<Choice>();
            foreach (var choice in open)
            {
                if (IsDrawn(after, choice.One) || IsDrawn(after, choice.Two))
                    continue;
                switch (MayBeDrawn(after, choice.One), MayBeDrawn(after, choice.Two))
                {
                    case (false, false):
                        return null;
                    case (true, true):
                        left.Add(choice);
                        break;
                    case (var one, _):
                        isMoved = true;
                        Add(after, one ? choice.One!.Value : choice.Two!.Value);
                        break;
                }
            }
            open = left;
        }
        return open;
    }

    private bool IsDrawn(ulong[] after, Edge? edge) => edge is { } drawn && Comes(after, drawn.Before, drawn.After);

    private bool MayBeDrawn(ulong[] after, Edge? edge) => edge is { } drawn && !Comes(after, drawn.After, drawn.Before);

    private bool Add(ulong[] after, Edge edge)
    {
        if (edge.Before == edge.After || Comes(after, edge.After, edge.Before))
            return false;
        for (var step = 0; step < count; step++)
        {
            if (step != edge.Before && !Comes(after, step, edge.Before))
                continue;
            for (var word = 0; word < words; word++)
                after[(step * words) + word] |= after[(edge.After * words) + word];
            after[(step * words) + (edge.After / 64)] |= 1UL << (edge.After % 64);
        }
        return true;
    }

    private bool Comes(ulong[] after, int before, int later) =>
        (after[(before * words) + (later / 64)] & (1UL << (later % 64))) != 0;

    private int Step(int chain, int position) => first[chain] + position - 1;

    private ImmutableArray<ImmutableArray<(int Chain, int Position)>> Stages(ulong[] after)
    {
        var predecessors = Enumerable
            .Range(0, count)
            .Select(step => Enumerable.Range(0, count).Where(other => Comes(after, other, step)).ToArray())
            .ToArray();
        var stages = new int[count];
        // Whoever has more before it comes later: so each step's predecessors have their stage already.
        foreach (var step in Enumerable.Range(0, count).OrderBy(step => predecessors[step].Length))
            stages[step] = predecessors[step].Select(before => stages[before] + 1).DefaultIfEmpty(0).Max();
        return
        [
            .. chains
                .SelectMany(
                    (chain, i) =>
                        Enumerable.Range(1, chain.Chain.Length - 1).Select(position => (Chain: i, Position: position))
                )
                .GroupBy(step => stages[Step(step.Chain, step.Position)])
                .OrderBy(stage => stage.Key)
                .Select(stage => stage.ToImmutableArray()),
        ];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edge(int Before, int After);

    private sealed record Choice(Edge? One, Edge? Two);
}
