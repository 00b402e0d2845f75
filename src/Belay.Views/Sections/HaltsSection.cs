using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Views.Reports;
using Belay.Views.Timelines;

namespace Belay.Views.Sections;

/// <summary>What stopped the run, what was done about it, and what else was out of the ordinary.</summary>
internal static class HaltsSection
{
    public static Section Of(RunRecord run)
    {
        ImmutableArray<Block> halts = run.Cuts.IsEmpty
            ? [new Block.Words("Nothing stopped the run.")]
            :
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "Halts",
                        Columns = ["When", "Cause", "Step", "Why", "What was done"],
                        Rows = [.. run.Cuts.Select(cut => Halt(run, cut))],
                    }
                ),
            ];
        var incidents = Incidents(run).ToImmutableArray();
        return new Section(
            "halts",
            "Halts and incidents",
            incidents.IsEmpty
                ? halts
                :
                [
                    .. halts,
                    new Block.Rows(
                        new Table
                        {
                            Caption = "Incidents",
                            Columns = ["When", "What", "About", "Details"],
                            Rows = incidents,
                        }
                    ),
                ]
        );
    }

    private static ImmutableArray<Cell> Halt(RunRecord run, Cut cut) =>
        [
            Say.Time(cut.At),
            new Cell(cut.Stop is { } stop ? Say.Cause(stop.Cause) : "the engine died", Tone.Bad),
            run.Step(cut.Stop?.Step),
            cut.Stop?.Why ?? "the journal goes on without a halt: the engine, or its machine, ended without a word",
            cut.GoOn is { } next ? $"{Done(next.Event)}, {Say.Span(next.At - cut.At)} later" : "nothing yet",
        ];

    private static string Done(JournalEvent happened) =>
        happened switch
        {
            RunResumed { Plan: null } resumed => $"resumed by {resumed.By}",
            RunResumed resumed => $"the plan was mended and the run resumed by {resumed.By}",
            RollbackStarted rollback => $"rolled back by {rollback.By}",
            RunAbandoned abandoned => $"abandoned by {abandoned.By}: {abandoned.Why}",
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    private static IEnumerable<ImmutableArray<Cell>> Incidents(RunRecord run)
    {
        foreach (var entry in run.Entries)
        {
            (string What, Cell About, string Details)? incident = entry.Event switch
            {
                WatchFailed failed => ("a watch failed", failed.Watch, failed.Why),
                StepFailed failed when !IsHalt(run, failed.Step, failed.Why) => (
                    $"a step failed ({Say.Failure(failed.Failure)})",
                    run.Step(failed.Step),
                    failed.Why
                ),
                StepInDoubt doubt when !IsHalt(run, doubt.Step, doubt.Why) => (
                    "a step is in doubt",
                    run.Step(doubt.Step),
                    doubt.Why
                ),
                MemberSetAside aside => ("a member was set aside", aside.Member, aside.Why),
                UndoFailed failed => ("taking back failed", run.Step(failed.Step), failed.Why),
                RestoreIntent restore => (
                    "a store was restored, with loss",
                    run.Step(restore.Step),
                    $"from {restore.Backup}: {restore.Loss.Words}"
                ),
                ClockSetBack clock => ("the clock was set back", "", $"it was {Say.Time(clock.Was)} before"),
                RunFailed failed => ("the run ended before any change", run.Step(failed.Step), failed.Why),
                _ => null,
            };
            if (incident is { } row)
                yield return [Say.Time(entry.At), new Cell(row.What, Tone.Bad), row.About, row.Details];
        }
    }

    // What stopped the run stands among the halts already.
    private static bool IsHalt(RunRecord run, string step, string why) =>
        run.Cuts.Any(cut => cut.Stop is { } stop && stop.Step == step && stop.Why == why);
}
