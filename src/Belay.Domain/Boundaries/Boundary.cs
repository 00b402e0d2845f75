using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Boundaries;

/// <summary>The place in a plan up to which everything can be taken back, and at what cost: a pure fold over the plan tree.</summary>
public sealed class Boundary
{
    private readonly Catalog catalog;
    private readonly BoundaryFacts facts;
    private readonly List<BoundaryLine> lines = [];

    private Boundary(Catalog catalog, BoundaryFacts facts) => (this.catalog, this.facts) = (catalog, facts);

    /// <summary>A line for each change, in the order of the plan; the body of a loop stands once.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="catalog">The operations.</param>
    /// <param name="facts">What is known beyond the plan; null: nothing.</param>
    public static ImmutableArray<BoundaryLine> Draw(Plan plan, Catalog catalog, BoundaryFacts? facts = null)
    {
        var boundary = new Boundary(catalog, facts ?? BoundaryFacts.None);
        boundary.Sequence(plan.Steps, Standing.Start, Loop.None);
        return [.. boundary.lines];
    }

    /// <summary>How a change of the plan is taken back: the operation's own way, or the restore that the plan names.</summary>
    public static Reversal ReversalOf(DoItem item, Catalog catalog)
    {
        if (item.Restore is not null)
            return Reversal.Restore;
        if (catalog.Find(item.Operation) is not ChangeDefinition definition)
            return Reversal.Never;
        try
        {
            return definition.ReversalOf(item.With);
        }
        catch (JsonException)
        {
            // A reference that only the run can resolve: assume the weakest that the operation can have.
            return definition.Reversal;
        }
    }

    private Standing Sequence(ImmutableArray<Item> items, Standing standing, Loop loop) =>
        items.Aggregate(standing, (before, item) => One(before, item, loop));

    private Standing One(Standing standing, Item item, Loop loop) =>
        item switch
        {
            DoItem change => Change(standing, change, loop),
            DuringItem during => Sequence(during.Steps, Change(standing, during.Condition, loop), loop),
            ParallelItem parallel => Parallel(standing, parallel, loop),
            EachItem each => Sequence(each.Steps, standing, loop.Inside(each)),
            _ => Sequence(item.Children, standing, loop),
        };

    /// <summary>All items begin from the same standing. While one is under way any other may be done: going back from inside costs what the worst of them costs.</summary>
    private Standing Parallel(Standing standing, ParallelItem parallel, Loop loop)
    {
        var first = lines.Count;
        var end = parallel.Steps.Select(child => One(standing, child, loop)).Aggregate(standing, Standing.Worst);
        for (var i = first; i < lines.Count; i++)
        {
            if (lines[i].Cumulative < end.Reversal)
                lines[i] = lines[i] with
                {
                    Cumulative = end.Reversal,
                    Cost = $"{lines[i].Cost}; while '{end.Cause}' runs beside it: {end.Words(own: null, facts)}",
                };
        }
        return end;
    }

    private Standing Change(Standing standing, DoItem item, Loop loop)
    {
        var reversal = ReversalOf(item, catalog);
        var next = standing.After(item, reversal).Taking(loop.Times(facts.TakesBack(item.Id)));
        lines.Add(
            new BoundaryLine
            {
                Step = item.Id,
                Title = item.Title,
                Reversal = reversal,
                Cumulative = next.Reversal,
                Cost = next.Words(reversal, facts) + loop.Words,
                Takes = next.Takes,
                IsBoundary = reversal == Reversal.Never && standing.Reversal != Reversal.Never,
            }
        );
        return next;
    }
}
