using Belay.Domain.Journal;

namespace Belay.Rehearsal.Telling;

/// <summary>What a story tells of a journal's events: what a person at the screen would notice.</summary>
internal static class JournalWords
{
    /// <summary>The step and the words; null for what is no news in a story.</summary>
    public static (string? Step, string Words)? Of(JournalEvent happened) =>
        happened switch
        {
            StepDone { AlreadyDone: true } e => (e.Step, $"'{e.Step}' was done already"),
            StepDone { Adopted: true } e => (e.Step, $"'{e.Step}' is found done"),
            StepDone e => (e.Step, $"'{e.Step}' is done"),
            StepFailed e => (e.Step, $"'{e.Step}' failed: {e.Why}"),
            StepInDoubt e => (e.Step, $"'{e.Step}' is in doubt: {e.Why}"),
            StepResolved e => (e.Step, $"a person looked: '{e.Step}' {(e.Happened ? "happened" : "did not happen")}"),
            StepUndone { Skipped: { } why } e => (e.Step, $"'{e.Step}' needs no undo: {why}"),
            StepUndone e => (e.Step, $"'{e.Step}' is taken back"),
            UndoFailed e => (e.Step, $"taking '{e.Step}' back failed: {e.Why}"),
            StoreRestored e => (e.Step, $"'{e.Step}' is taken back by the backup of '{e.Backup}'"),
            MemberSetAside e => (e.Step, $"{e.Member} is set aside: {e.Why}"),
            WatchFailed e => (null, $"watch '{e.Watch}' fails: {e.Why}"),
            RunHalted e => (e.Step, $"the run halts: {e.Why}"),
            RunFailed e => (e.Step, $"the run ends before anything was changed: {e.Why}"),
            RunDone => (null, "the run is done"),
            RunRolledBack => (null, "the run is rolled back"),
            RunAbandoned => (null, "the run is abandoned"),
            RunResumed => (null, "a person resumes the run"),
            RollbackStarted { To: { } to } => (to, $"a person takes the run back as far as '{to}'"),
            RollbackStarted => (null, "a person takes the run back, and accepts what is stated to be lost"),
            _ => null,
        };
}
