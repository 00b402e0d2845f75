using System.Collections.Immutable;
using System.Numerics;
using Belay.Domain.Compatibility;

namespace Belay.Releases.Paths;

/// <summary>The question as numbers. A component is in state 0 when it is not there, in state n when it has the nth of its versions; sets of states are bits.</summary>
internal sealed class PathModel
{
    private readonly ulong[] viable;
    private readonly Dictionary<int, ulong[]>[] legal;

    public PathModel(
        PathQuestion question,
        IEnumerable<Need> needs,
        Func<string, bool> keepsRule,
        Func<string, bool> isWanted
    )
    {
        Names = [.. question.Facts.Components.Keys];
        var places = Names.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        var components = Names.Select(name => question.Facts.Components[name]).ToArray();
        States = [.. components.Select(component => component.Versions.Length + 1)];
        Now =
        [
            .. Names.Select(name =>
                question.Facts.Now.TryGetValue(name, out var version)
                    ? question.Facts.Components[name].IndexOf(version) + 1
                    : 0
            ),
        ];
        viable = [.. Names.Select((_, i) => All(States[i]) & ~(Bit(Now[i]) - 1))];
        Final =
        [
            .. Names.Select(
                (name, i) =>
                    isWanted(name) && question.Wants.TryGetValue(name, out var want)
                        ? question.MaskOf(name, want.Range)
                        : viable[i]
            ),
        ];
        Moves = [.. Names.Select((name, i) => keepsRule(name) ? question.MovesOf(name) : Onward(States[i]))];
        legal = [.. Names.Select(_ => new Dictionary<int, ulong[]>())];
        foreach (var need in needs)
            Forbid(
                places[need.Component],
                places[need.Of],
                question.MaskOf(need.Component, need.Versions),
                question.MaskOf(need.Of, need.Range)
            );
        KeepViable();
        Final = [.. Final.Select((end, i) => end & viable[i])];
    }

    /// <summary>Certain without a search that there is no path: some component cannot come to an end that is wanted. False says nothing.</summary>
    public bool HasNoEnd => Final.Contains(0UL);

    /// <summary>The components.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>How many states each has.</summary>
    public ImmutableArray<int> States { get; }

    /// <summary>The state in which each is.</summary>
    public ImmutableArray<int> Now { get; }

    /// <summary>The states in which each may end.</summary>
    public ImmutableArray<ulong> Final { get; }

    /// <summary>By component and state: where one step may lead.</summary>
    public ImmutableArray<ulong[]> Moves { get; }

    /// <summary>The components that statements bind to one.</summary>
    public IEnumerable<int> NeighboursOf(int component) => legal[component].Keys;

    /// <summary>Which states of another component may stand beside each state of one.</summary>
    public ulong[] Beside(int component, int other) => legal[component][other];

    /// <summary>The states of a component through which a path may lead; more than do.</summary>
    public ulong ViableOf(int component) => viable[component];

    /// <summary>Whether a state may stand wherever another one of the same component may.</summary>
    public bool Covers(int component, int state, int covered)
    {
        foreach (var (other, rows) in legal[component])
        {
            if ((rows[covered] & viable[other] & ~rows[state]) != 0)
                return false;
        }
        return true;
    }

    public static ulong Bit(int state) => 1UL << state;

    public static IEnumerable<int> StatesIn(ulong set)
    {
        for (; set != 0; set &= set - 1)
            yield return BitOperations.TrailingZeroCount(set);
    }

    /// <summary>To every newer version.</summary>
    public static ulong[] Onward(int states) =>
        [.. Enumerable.Range(0, states).Select(state => All(states) & ~((Bit(state) << 1) - 1))];

    /// <summary>
    /// Takes out the states to which no step leads from now, and those from which none leads to an end, when each neighbour may be in any
    /// of its own such states meanwhile. Two components that each wait for the other never get a state, however long their circle is.
    /// </summary>
    private void KeepViable()
    {
        var reached = Grown([.. Now.Select(Bit)], viable, forward: true);
        var leading = Grown([.. Final.Select((end, i) => end & reached[i])], reached, forward: false);
        leading.CopyTo(viable, 0);
    }

    private ulong[] Grown(ulong[] begin, ulong[] within, bool forward)
    {
        var grown = begin;
        for (var isGrowing = true; isGrowing; )
        {
            isGrowing = false;
            for (var component = 0; component < grown.Length; component++)
            {
                var more = More(grown, component, within[component], forward);
                isGrowing |= more != grown[component];
                grown[component] = more;
            }
        }
        return grown;
    }

    private ulong More(ulong[] grown, int component, ulong within, bool forward)
    {
        var known = grown[component];
        foreach (var from in StatesIn(forward ? known : within))
        {
            foreach (var to in StatesIn(Moves[component][from] & (forward ? within & ~known : known)))
            {
                if (forward || (known & Bit(from)) == 0)
                    known |= MayMove(grown, component, from, to) ? Bit(forward ? to : from) : 0;
            }
        }
        return known;
    }

    /// <summary>Whether each neighbour has a state beside which both ends of a step may stand.</summary>
    private bool MayMove(ulong[] grown, int component, int from, int to)
    {
        foreach (var (other, rows) in legal[component])
        {
            if ((rows[from] & rows[to] & grown[other]) == 0)
                return false;
        }
        return true;
    }

    private static ulong All(int states) => Bit(states) - 1;

    private void Forbid(int subject, int other, ulong applies, ulong works)
    {
        var rows = RowsOf(subject, other);
        foreach (var state in StatesIn(applies))
            rows[state] &= works;
        var back = RowsOf(other, subject);
        for (var state = 0; state < back.Length; state++)
        {
            if ((works & Bit(state)) == 0)
                back[state] &= ~applies;
        }
    }

    private ulong[] RowsOf(int component, int other)
    {
        if (!legal[component].TryGetValue(other, out var rows))
            legal[component][other] = rows = [.. Enumerable.Repeat(All(States[other]), States[component])];
        return rows;
    }
}
