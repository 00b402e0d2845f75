using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>Who decided what, when, in their words.</summary>
internal static class PeopleSection
{
    public static Section Of(RunRecord run) =>
        new(
            "people",
            "Who decided what",
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "Decisions, in order",
                        Columns = ["When", "Who", "What", "Step", "Words"],
                        Rows = [.. Rows(run)],
                    }
                ),
                .. Shown(run),
                .. Accepted(run),
            ]
        );

    private static IEnumerable<Block> Accepted(RunRecord run)
    {
        if (run.Reading.Accepted.IsEmpty)
            yield break;
        yield return new Block.Rows(
            new Table
            {
                Caption = "What lint refused, and a person accepted",
                Columns = ["Finding", "Step", "What is wrong", "Accepted by", "Until", "Because"],
                Rows =
                [
                    .. run.Reading.Accepted.Select(risk =>
                        ImmutableArray.Create<Cell>(
                            new Cell(risk.Code, Tone.Bad),
                            run.Step(risk.Step),
                            risk.Risk,
                            risk.By,
                            risk.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                            risk.Reason
                        )
                    ),
                ],
            }
        );
    }

    /// <summary>What the approvals in force covered, change by change.</summary>
    private static IEnumerable<Block> Shown(RunRecord run) =>
        run
            .Reading.Steps.Values.Where(step => step is { Approvals.Count: > 0, Requested.Foreseen: [_, ..] })
            .Select(step => new Block.Folded
            {
                Title = $"What was shown for approval in {step.Id}",
                Mark = Say.Count(step.Requested!.Foreseen!.Value.Length, "change"),
                Blocks =
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "What each later change would have done then",
                            Columns = ["Step", "What", "Before", "After"],
                            Rows = [.. step.Requested.Foreseen.Value.SelectMany(change => Lines(run, change))],
                        }
                    ),
                ],
            });

    private static IEnumerable<ImmutableArray<Cell>> Lines(RunRecord run, ForeseenChange change) =>
        change.Difference is { } lines
            ? lines.Select(line =>
                ImmutableArray.Create(run.Step(change.Step), line.What, Cell.Of(line.From), Cell.Of(line.To))
            )
            :
            [
                [
                    run.Step(change.Step),
                    change.Outlook == Outlook.Done ? "nothing to do" : $"not known: {change.Why}",
                    "",
                    "",
                ],
            ];

    private static IEnumerable<ImmutableArray<Cell>> Rows(RunRecord run)
    {
        foreach (var entry in run.Entries)
        {
            (string Who, string What, Cell Step, string? Words)? row = entry.Event switch
            {
                RunStarted started => (started.By, $"started the run on {started.Host}", "", null),
                HaltRequested halt => (halt.By, "asked to halt", "", halt.Why),
                RunResumed { Plan: null } resumed => (resumed.By, $"resumed the run on {resumed.Host}", "", null),
                RunResumed resumed => (
                    resumed.By,
                    $"mended the plan and resumed the run on {resumed.Host}; the plan's hash begins with {Say.Short(resumed.PlanHash)}",
                    "",
                    string.Join("; ", resumed.Changes)
                ),
                RollbackStarted rollback => (rollback.By, Rollback(rollback), run.Step(rollback.To), null),
                RunAbandoned abandoned => (abandoned.By, "abandoned the run", "", abandoned.Why),
                Approved approved => (
                    approved.By,
                    $"approved the plan and what it would do; the hash begins with {Say.Short(approved.Covers)}",
                    run.Step(approved.Step),
                    approved.Note
                ),
                DifferenceGrew grew => (
                    "",
                    "a change would have done more than was approved",
                    run.Step(grew.Step),
                    null
                ),
                ApprovalVoided voided => ("", "the approval is void", run.Step(voided.Step), voided.Why),
                Confirmed confirmed => (confirmed.By, "confirmed", run.Step(confirmed.Step), confirmed.Note),
                StepResolved word => (
                    word.By,
                    word.Happened ? "said that it happened" : "said that it did not happen",
                    run.Step(word.Step),
                    word.Reason
                ),
                RequestRefused refused => (refused.By, $"was refused: {refused.Asked}", "", refused.Why),
                _ => null,
            };
            if (row is { } cells)
                yield return
                [
                    Say.Time(entry.At),
                    cells.Who + Signed(entry.Event),
                    cells.What,
                    cells.Step,
                    Cell.Of(cells.Words),
                ];
        }
    }

    private static string Signed(JournalEvent word) =>
        PersonalFact.SignatureOf(word) is { } signature
            ? $", signed with the key that begins with {Say.Short(signature.Key)}"
            : "";

    private static string Rollback(RollbackStarted rollback)
    {
        var scope =
            (rollback.To is null ? "rolled the run back" : "rolled the run back as far as a step")
            + (rollback.AcceptedCombination is null ? "" : ", to what was never seen working, and accepted that");
        return rollback.AcceptedLoss.IsEmpty
            ? scope
            : $"{scope}; accepted the loss through {string.Join(", ", rollback.AcceptedLoss)}";
    }
}
