using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>All that is journaled of one step, a row each.</summary>
internal static class StepHistory
{
    public static Table Of(RunRecord run, string step) =>
        new()
        {
            Caption = "What happened",
            Columns = ["Event", "When", "What"],
            Rows = [.. Telling(run.EventsOf(step)).Select(Row)],
        };

    /// <summary>Of progress and soaked time only the last one before something else happened: it holds the ones before.</summary>
    private static IEnumerable<JournalEntry> Telling(IReadOnlyList<JournalEntry> events) =>
        events.Where((entry, index) => index == events.Count - 1 || !IsOvertaken(entry.Event, events[index + 1].Event));

    private static bool IsOvertaken(JournalEvent one, JournalEvent next) =>
        (one, next) is (Progressed, Progressed) or (Soaked, Soaked);

    private static ImmutableArray<Cell> Row(JournalEntry entry)
    {
        var (words, tone) = Words((StepEvent)entry.Event);
        return [Say.Number(entry.Sequence), Say.Clock(entry.At), new Cell(words, tone)];
    }

    private static (string Words, Tone Tone) Words(StepEvent happened) =>
        happened switch
        {
            StepStarted => ("began", Tone.Plain),
            Intent intent => ($"attempt {intent.Attempt} began", Tone.Plain),
            Progressed progressed => (Say.Progress(progressed.Progress), Tone.Quiet),
            ChildStarted child => ($"command started: {child.Command}", Tone.Quiet),
            ChildEnded child => (
                child.ExitCode is { } code ? $"command ended with exit code {code}" : "command settled",
                Tone.Quiet
            ),
            AttemptFailed failed => ($"attempt failed: {failed.Why}", Tone.Bad),
            StepDone { AlreadyDone: true } => ("found done before the run", Tone.Good),
            StepDone { Adopted: true } => ("found done, and adopted", Tone.Good),
            StepDone => ("done and verified", Tone.Good),
            StepFailed failed => ($"failed ({Say.Failure(failed.Failure)}): {failed.Why}", Tone.Bad),
            StepInDoubt doubt => ($"in doubt: {doubt.Why}", Tone.Bad),
            StepResolved word => (
                $"{word.By} says that it {(word.Happened ? "happened" : "did not happen")}: {word.Reason}",
                Tone.Plain
            ),
            Checked asked => (
                string.Join(": ", new[] { Say.Answer(asked.Answer).Text, asked.Why }.OfType<string>()),
                Say.Answer(asked.Answer).Tone
            ),
            Soaked soaked => ($"soaked {Say.Span(soaked.Time)}, {Say.Count(soaked.Samples, "sample")}", Tone.Quiet),
            EachStarted loop => (
                $"members: {string.Join(", ", loop.Members.Select(member => member.Key))}",
                Tone.Plain
            ),
            MemberSetAside member => ($"{member.Member} set aside: {member.Why}", Tone.Bad),
            ApprovalRequested asked => ($"asked {asked.By} to approve{Shown(asked)}", Tone.Waiting),
            DifferenceGrew grew => (
                $"would do more than was approved: {Words(grew.Now)}; approved was: {Words(grew.Approved)}",
                Tone.Bad
            ),
            IdentityCompared compared => (
                $"compared with the known systems: {string.Join(", ", compared.Identity.Systems.Keys)}",
                Tone.Quiet
            ),
            Approved approved => (
                $"approved by {approved.By}, covering {approved.Covers}{Note(approved.Note)}",
                Tone.Good
            ),
            ApprovalVoided voided => ($"approval void: {voided.Why}", Tone.Waiting),
            ConfirmationRequested => ("asked to confirm", Tone.Waiting),
            Confirmed confirmed => ($"confirmed by {confirmed.By}{Note(confirmed.Note)}", Tone.Good),
            UndoIntent => ("taking back began", Tone.Waiting),
            StepUndone { Skipped: { } why } => ($"nothing to take back: {why}", Tone.Waiting),
            StepUndone => ("taken back and verified", Tone.Waiting),
            UndoFailed failed => ($"taking back failed: {failed.Why}", Tone.Bad),
            RestoreIntent restore => (
                $"restoring from {restore.Backup} began: {restore.Loss.Words} are lost",
                Tone.Bad
            ),
            StoreRestored restored => ($"restored from {restored.Backup} and compared", Tone.Waiting),
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    private static string Shown(ApprovalRequested asked) =>
        asked.Foreseen is { } shown ? $", with what {Say.Count(shown.Length, "later change")} would do" : "";

    private static string Words(ImmutableArray<DifferenceLine> lines) =>
        lines.IsEmpty ? "nothing" : string.Join("; ", lines.Select(line => $"{line.What} → {line.To ?? "gone"}"));

    private static string Note(string? note) => note is null ? "" : $": {note}";
}
