using System.Text.Json.Serialization;

namespace Belay.Domain.Journal;

/// <summary>One thing that happened in a run. A closed hierarchy; members are only ever added, and added ones are optional, so that journals of every released version replay.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(RunResumed), "run-resumed")]
[JsonDerivedType(typeof(HaltRequested), "halt-requested")]
[JsonDerivedType(typeof(RunHalted), "run-halted")]
[JsonDerivedType(typeof(RunParked), "run-parked")]
[JsonDerivedType(typeof(RunWoken), "run-woken")]
[JsonDerivedType(typeof(RunDone), "run-done")]
[JsonDerivedType(typeof(RunFailed), "run-failed")]
[JsonDerivedType(typeof(RunAbandoned), "run-abandoned")]
[JsonDerivedType(typeof(RollbackStarted), "rollback-started")]
[JsonDerivedType(typeof(RunRolledBack), "run-rolled-back")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(Intent), "intent")]
[JsonDerivedType(typeof(Progressed), "progressed")]
[JsonDerivedType(typeof(ChildStarted), "child-started")]
[JsonDerivedType(typeof(ChildEnded), "child-ended")]
[JsonDerivedType(typeof(AttemptFailed), "attempt-failed")]
[JsonDerivedType(typeof(StepDone), "step-done")]
[JsonDerivedType(typeof(StepFailed), "step-failed")]
[JsonDerivedType(typeof(StepInDoubt), "step-in-doubt")]
[JsonDerivedType(typeof(StepResolved), "step-resolved")]
[JsonDerivedType(typeof(Checked), "checked")]
[JsonDerivedType(typeof(Soaked), "soaked")]
[JsonDerivedType(typeof(EachStarted), "each-started")]
[JsonDerivedType(typeof(MemberSetAside), "member-set-aside")]
[JsonDerivedType(typeof(ApprovalRequested), "approval-requested")]
[JsonDerivedType(typeof(DifferenceGrew), "difference-grew")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(ApprovalVoided), "approval-voided")]
[JsonDerivedType(typeof(ConfirmationRequested), "confirmation-requested")]
[JsonDerivedType(typeof(Confirmed), "confirmed")]
[JsonDerivedType(typeof(WatchSampled), "watch-sampled")]
[JsonDerivedType(typeof(WatchFailed), "watch-failed")]
[JsonDerivedType(typeof(UndoIntent), "undo-intent")]
[JsonDerivedType(typeof(StepUndone), "step-undone")]
[JsonDerivedType(typeof(UndoFailed), "undo-failed")]
[JsonDerivedType(typeof(RestoreIntent), "restore-intent")]
[JsonDerivedType(typeof(StoreRestored), "store-restored")]
[JsonDerivedType(typeof(ClockSetBack), "clock-set-back")]
[JsonDerivedType(typeof(RequestRefused), "request-refused")]
[JsonDerivedType(typeof(IdentityCompared), "identity-compared")]
public abstract record JournalEvent
{
    private protected JournalEvent() { }
}

/// <summary>An event of one step.</summary>
public abstract record StepEvent : JournalEvent
{
    private protected StepEvent() { }

    /// <summary>The step; inside a loop <c>ID@MEMBER</c>.</summary>
    public required string Step { get; init; }
}
