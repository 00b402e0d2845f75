using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>Every check: what it said last, and how often its answer changed.</summary>
internal static class ChecksSection
{
    public static Section? Of(RunRecord run)
    {
        var checks = run.Leaves().Where(node => node is { Item: CheckItem, Reading: not null }).ToImmutableArray();
        return checks.IsEmpty
            ? null
            : new Section(
                "checks",
                "Checks",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "What each check said last",
                            Columns = ["Check", "Operation", "Answer", "Answers", "Why"],
                            Rows = [.. checks.Select(node => Row(run, node))],
                        }
                    ),
                ]
            );
    }

    private static ImmutableArray<Cell> Row(RunRecord run, RunNode node) =>
        [
            new Cell(node.Title) { Target = run.AnchorOf(node.Id) },
            ((CheckItem)node.Item!).Operation,
            node.Reading!.Answer is { } answer ? Say.Answer(answer) : new Cell("not asked", Tone.Quiet),
            Say.Number(run.EventsOf(node.Id).Count(entry => entry.Event is Checked)),
            Cell.Of(node.Reading.Why),
        ];
}
