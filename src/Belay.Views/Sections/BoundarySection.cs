using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>What can be taken back after each change, at what cost, and where the run stands now.</summary>
internal static class BoundarySection
{
    public static Section? Of(RunRecord run)
    {
        if (run.Boundary.Count == 0)
            return null;
        var steps = run.Leaves().ToLookup(node => node.Item?.Id ?? node.Id, StringComparer.Ordinal);
        var last = run.Boundary.LastOrDefault(line => steps[line.Step].Any(Stands));
        ImmutableArray<Block> blocks =
        [
            new Block.Words(WhereItStands(run, last)),
            new Block.Rows(
                new Table
                {
                    Caption =
                        "After each change: how it is taken back, and what going back to the start costs from there",
                    Columns = ["Change", "Now", "Taken back", "Going back to the start from here"],
                    Rows = [.. run.Boundary.Select(line => Line(run, line, [.. steps[line.Step]], line == last))],
                }
            ),
        ];
        return new Section("boundary", "The boundary", [.. blocks, .. ImpactTable.Of(run.Plan)]);
    }

    private static string WhereItStands(RunRecord run, BoundaryLine? last) =>
        (run.Reading.Status.IsClosed(), last) switch
        {
            (_, null) => "No change of this run stands in the live system: there is nothing to take back.",
            (true, { Cumulative: Reversal.Never }) =>
                $"The run is closed past the boundary, behind '{last.Title}': {last.Cost}.",
            (true, _) => $"The run is closed. Its last change that stands is '{last.Title}': {last.Cost}.",
            _ => $"The run stands behind '{last.Title}'. Going back from there: {last.Cost}.",
        };

    private static ImmutableArray<Cell> Line(
        RunRecord run,
        BoundaryLine line,
        ImmutableArray<RunNode> nodes,
        bool isLast
    ) =>
        [
            new Cell(line.Title)
            {
                Target = nodes.Select(node => run.AnchorOf(node.Id)).FirstOrDefault(a => a is not null),
            },
            Now(nodes, isLast),
            TakenBack(line, nodes),
            new Cell(
                line.IsBoundary ? $"{line.Cost} (the boundary lies before this change)" : line.Cost,
                line.IsBoundary ? Tone.Bad : Tone.Plain
            ),
        ];

    /// <summary>How it is taken back, and what that costs though nothing is lost, as the run found it; the members of a loop each have their own.</summary>
    private static Cell TakenBack(BoundaryLine line, ImmutableArray<RunNode> nodes)
    {
        var reversal = Say.Reversal(line.Reversal);
        var costs = nodes.Select(node => node.Reading?.Intent?.Difference.UndoCost).OfType<string>().Distinct();
        return reversal with { Text = string.Join("; ", costs.Prepend(reversal.Text)) };
    }

    private static Cell Now(ImmutableArray<RunNode> nodes, bool isLast)
    {
        var words = string.Join(
            ", ",
            nodes
                .Select(node => Say.State(node).Text)
                .CountBy(state => state, StringComparer.Ordinal)
                .Select(state => nodes.Length == 1 ? state.Key : $"{state.Value} {state.Key}")
        );
        return new Cell(isLast ? $"{words}; the run stands here" : words, isLast ? Tone.Waiting : Tone.Plain);
    }

    private static bool Stands(RunNode node) => node.Reading is { HasEffect: true };
}
