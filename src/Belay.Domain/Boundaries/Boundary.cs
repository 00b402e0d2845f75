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
    private readonly ImmutableArray<BoundaryLine>.Builder lines = ImmutableArray.CreateBuilder<BoundaryLine>();

    private Boundary(Catalog catalog) => this.catalog = catalog;

    /// <summary>A line for each change, in the order of the plan; the body of a loop stands once.</summary>
    public static ImmutableArray<BoundaryLine> Draw(Plan plan, Catalog catalog)
    {
        var boundary = new Boundary(catalog);
        boundary.Sequence(plan.Steps, Standing.Start);
        return boundary.lines.ToImmutable();
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

    private Standing Sequence(ImmutableArray<Item> items, Standing standing) => items.Aggregate(standing, One);

    private Standing One(Standing standing, Item item) =>
        item switch
        {
            DoItem change => Change(standing, change),
            DuringItem during => Sequence(during.Steps, Change(standing, during.Condition)),
            // All items of a parallel group begin from the same standing; afterwards each of their costs counts.
            ParallelItem parallel => parallel
                .Steps.Select(child => One(standing, child))
                .Aggregate(standing, Standing.Worst),
            _ => Sequence(item.Children, standing),
        };

    private Standing Change(Standing standing, DoItem item)
    {
        var reversal = ReversalOf(item, catalog);
        var next = standing.After(item, reversal);
        lines.Add(
            new BoundaryLine
            {
                Step = item.Id,
                Title = item.Title,
                Reversal = reversal,
                Cumulative = next.Reversal,
                Cost = next.Words(reversal),
                IsBoundary = reversal == Reversal.Never && standing.Reversal != Reversal.Never,
            }
        );
        return next;
    }

    /// <summary>What going back to the start costs at a place of the plan.</summary>
    private sealed record Standing(Reversal Reversal, ImmutableArray<string> Backups, string? Final)
    {
        public static Standing Start { get; } = new(Reversal.Exact, [], null);

        public static Standing Worst(Standing a, Standing b) =>
            new(
                (Reversal)Math.Max((int)a.Reversal, (int)b.Reversal),
                [.. a.Backups.Union(b.Backups)],
                a.Final ?? b.Final
            );

        public Standing After(DoItem item, Reversal reversal) =>
            reversal switch
            {
                Reversal.Restore => Worst(
                    this,
                    new(Reversal.Restore, item.Restore is { } backup && !Backups.Contains(backup) ? [backup] : [], null)
                ),
                Reversal.Never => Worst(this, new(Reversal.Never, [], item.Id)),
                _ => this,
            };

        public string Words(Reversal own) =>
            Reversal switch
            {
                Reversal.Never when own == Reversal.Never =>
                    "never: nothing before this can be taken back without loss",
                Reversal.Never => $"never: {Final} cannot be taken back",
                Reversal.Restore when own == Reversal.Exact =>
                    $"restore from {Names}, then exact: writes after the backup are lost",
                Reversal.Restore => $"restore from {Names}: writes after the backup are lost",
                _ => "exact",
            };

        private string Names =>
            Backups.IsEmpty ? "a backup that the plan does not name" : string.Join(" and ", Backups);
    }
}
