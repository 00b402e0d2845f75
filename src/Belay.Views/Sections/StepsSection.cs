using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Readings;
using Belay.Views.Reports;
using Belay.Views.Timelines;

namespace Belay.Views.Sections;

/// <summary>What ran when: the time line, and the tree of steps.</summary>
internal static class StepsSection
{
    public static Section Of(RunRecord run)
    {
        ImmutableArray<Block> blocks =
        [
            new Block.Picture(Timeline.Of(run)),
            new Block.Rows(
                new Table
                {
                    Caption = "All steps in the order of the plan",
                    Columns = ["Step", "State", "Started", "Took", "Attempts", "Remarks"],
                    Rows = [.. run.AllNodes().Select(entry => Row(run, entry.Node, entry.Depth))],
                }
            ),
        ];
        return new Section("steps", "What ran when", run.Plan.LeftOut.IsEmpty ? blocks : [.. blocks, LeftOut(run)]);
    }

    private static ImmutableArray<Cell> Row(RunRecord run, RunNode node, int depth)
    {
        var spans = run.SpansOf(node);
        return
        [
            new Cell(node.Title) { Target = node.Children.IsEmpty ? run.AnchorOf(node.Id) : null, Depth = depth },
            Say.State(node),
            spans.IsEmpty ? "" : Say.Time(spans[0].From),
            spans.IsEmpty ? "" : Say.Span(run.TookOf(node)),
            node.Reading is { Attempts: > 0 } known ? known.Attempts.ToString(CultureInfo.InvariantCulture) : "",
            Remarks(node),
        ];
    }

    private static string Remarks(RunNode node)
    {
        var known = node.Reading;
        string?[] remarks =
        [
            node.SetAside,
            node.Item is null && known is not null ? "a mend took it out of the plan" : null,
            known is { AlreadyDone: true } ? "done before the run: rollback leaves it alone" : null,
            known is { Adopted: true } ? "found done after a crash, and adopted" : null,
            known is { SoakedTime: var time } && time > TimeSpan.Zero
                ? $"soaked {Say.Span(time)}, {Say.Count(known.SoakedSamples, "sample")}"
                : null,
            node.Children.IsEmpty ? known?.Why : null,
        ];
        return string.Join("; ", remarks.OfType<string>());
    }

    private static Block.Rows LeftOut(RunRecord run) =>
        new(
            new Table
            {
                Caption = "Left out by the plan's conditions",
                Columns = ["Step", "Why"],
                Rows =
                [
                    .. run.Plan.LeftOut.Select<Domain.Plans.LeftOut, ImmutableArray<Cell>>(item => [item.Id, item.Why]),
                ],
            }
        );
}
