using System.Collections.Immutable;
using Belay.Cli.Status;
using Belay.Domain.Contract;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Lint;

namespace Belay.Cli.Screens;

/// <summary>Events in one line each. Pure.</summary>
internal static class EventWords
{
    /// <summary>The event in words; null for what is no news: healthy samples of watches, and children that come and go.</summary>
    public static string? Of(JournalEvent happened) =>
        happened switch
        {
            StepEvent step => Of(step) is { } words ? $"{step.Step}: {words}" : null,
            RunStarted e =>
                $"run {e.Run} of {e.Plan.Upgrade} {e.Plan.From} -> {e.Plan.To} on {e.Plan.Environment} started by {e.By} on {e.Host}{Accepted(e.Accepted)}{Beside(e)}",
            RunResumed e => $"resumed by {e.By} on {e.Host}{Mended(e)}{Accepted(e.Accepted)}",
            HaltRequested e => $"{e.By} asks for a halt: {e.Why}",
            RunHalted e => $"HALTED{At(e.Step)}: {e.Why}",
            RunParked e => $"parked until {e.Until:u} at '{e.Step}': runs that touch nothing of this one may pass",
            RunWoken e => $"awake: {e.Why}",
            RunDone => "done: the new release is proven",
            RunFailed e => $"FAILED before anything was changed{At(e.Step)}: {e.Why}",
            RunAbandoned e => $"abandoned by {e.By}{Signed(e)}: {e.Why}",
            RollbackStarted e =>
                $"{e.By}{Signed(e)} takes it back{(e.To is null ? "" : $" as far as '{e.To}'")}{Accepted(e)}",
            RunRolledBack => "rolled back, each step verified",
            WatchSampled { Failed: 0 } => null,
            WatchSampled e => $"watch {e.Watch}: {e.Failed} of {e.Count} samples failed: {e.Why}",
            WatchFailed e => $"watch {e.Watch} FAILED: {e.Why}",
            ClockSetBack e => $"the clock was set back: it was {e.Was:u} already",
            RequestRefused e => $"{e.By} asked for '{e.Asked}': refused: {e.Why}",
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    private static string? Of(StepEvent happened) =>
        happened switch
        {
            StepStarted => "started",
            Intent e =>
                $"{(e.Attempt == 1 ? "" : $"attempt {e.Attempt}: ")}{e.Operation}: {Words.List(e.Difference.Lines.Select(Line))}",
            Progressed e => ProgressWords(e.Progress),
            ChildStarted or ChildEnded => null,
            AttemptFailed e => $"an attempt failed: {e.Why}",
            StepDone { AlreadyDone: true } => "was done already",
            StepDone { Adopted: true } => "found done, adopted",
            StepDone => "done",
            StepFailed e => $"FAILED: {e.Why}",
            StepInDoubt e => $"IN DOUBT: {e.Why}",
            StepResolved e =>
                $"{e.By}{Signed(e)} says that it {(e.Happened ? "happened" : "did not happen")}: {e.Reason}",
            Checked { Answer: Answer.Holds } => "holds",
            Checked { Answer: Answer.NotYet } e => $"not yet: {e.Why}",
            Checked { Answer: Answer.Broken } e => $"does not hold: {e.Why}",
            Checked e => $"cannot be read: {e.Why}",
            Soaked e => $"soaked {Domain.Json.Duration.Format(e.Time)}, {e.Samples} good samples",
            EachStarted e => $"for {Words.List(e.Members.Select(member => member.Key))}",
            MemberSetAside e => $"{e.Member} set aside: {e.Why}",
            ApprovalRequested e => $"waits for an approval by {e.By}: belay approve {e.Step}",
            DifferenceGrew e =>
                $"would do more than was approved: {Words.List(e.Now.Select(Line))}; approved was: {(e.Approved.IsEmpty ? "nothing" : Words.List(e.Approved.Select(Line)))}",
            IdentityCompared e => $"the systems are the known ones: {Words.List(e.Identity.Systems.Keys)}",
            Approved e => $"approved by {e.By}{Signed(e)}{Note(e.Note)}",
            ApprovalVoided e => $"its approval counts no more: {e.Why}",
            ConfirmationRequested e => $"waits for a person: {e.Instructions.Trim()}: belay confirm {e.Step}",
            Confirmed e => $"confirmed by {e.By}{Signed(e)}{Note(e.Note)}",
            UndoIntent => "is being taken back",
            StepUndone { Skipped: { } why } => $"needs no undo: {why}",
            StepUndone => "taken back",
            UndoFailed e => $"taking it back FAILED: {e.Why}",
            RestoreIntent e => $"is taken back by restoring '{e.Backup}', which loses {e.Loss.Words}",
            StoreRestored e => $"restored from '{e.Backup}' and compared",
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    /// <summary>How far long work has come.</summary>
    public static string ProgressWords(Progress progress)
    {
        var amount = (progress.Done, progress.Total) switch
        {
            ({ } done, { } total and > 0) =>
                $"{Words.Amount(done, progress.Unit)} of {Words.Amount(total, progress.Unit)} ({done * 100 / total}%)",
            ({ } done, _) => Words.Amount(done, progress.Unit),
            _ => null,
        };
        return string.Join(", ", new[] { amount, progress.Message }.OfType<string>());
    }

    /// <summary>One thing that a change alters.</summary>
    public static string Line(DifferenceLine line) =>
        (line.From, line.To) switch
        {
            (null, { } to) => $"{line.What}: + {to}",
            ({ } from, null) => $"{line.What}: - {from}",
            ({ } from, { } to) => $"{line.What}: {from} -> {to}",
            _ => line.What,
        };

    private static string At(string? step) => step is null ? "" : $" at '{step}'";

    private static string Signed(JournalEvent e) =>
        PersonalFact.SignatureOf(e) is { } signature ? $" (signed, key {FactRules.Brief(signature.Key)})" : "";

    private static string Note(string? note) => note is null ? "" : $": {note}";

    private static string Beside(RunStarted e) =>
        e.Beside is { IsDefaultOrEmpty: false } parked ? $"; it passes {Words.List(parked)}, parked" : "";

    private static string Mended(RunResumed e) =>
        e.Changes.IsDefaultOrEmpty ? "" : $"; the plan was mended: {string.Join("; ", e.Changes)}";

    private static string Accepted(ImmutableArray<AcceptedRisk>? risks) =>
        risks is { IsDefaultOrEmpty: false } some ? $"; accepted: {string.Join("; ", some)}" : "";

    private static string Accepted(RollbackStarted e) =>
        (e.AcceptedLoss.IsDefaultOrEmpty ? "" : $"; the loss is accepted at {string.Join(", ", e.AcceptedLoss)}")
        + (e.AcceptedCombination is null ? "" : "; that what then runs was never seen working is accepted");
}
