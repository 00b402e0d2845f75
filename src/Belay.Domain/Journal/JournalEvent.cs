using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Domain.Plans;

namespace Belay.Domain.Journal;

/// <summary>One thing that happened in a run. A closed hierarchy; members are only ever added, and added ones are optional, so that journals of every released version replay.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(RunResumed), "run-resumed")]
[JsonDerivedType(typeof(HaltRequested), "halt-requested")]
[JsonDerivedType(typeof(RunHalted), "run-halted")]
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

/// <summary>A run began. Always the first event.</summary>
public sealed record RunStarted : JournalEvent
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The normalised tree; rollback is made of this one and never of a mended file.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The tree's hash.</summary>
    public required string PlanHash { get; init; }

    /// <summary>The plan file (absolute path) from which it was read.</summary>
    public required string PlanFile { get; init; }

    /// <summary>The inputs that the person gave, with which a resume reads the file again; null: none.</summary>
    public ImmutableSortedDictionary<string, string>? Inputs { get; init; }

    /// <summary>What lint found against the plan and a person has accepted; null: nothing.</summary>
    public ImmutableArray<AcceptedRisk>? Accepted { get; init; }

    /// <summary>Who started it.</summary>
    public required string By { get; init; }

    /// <summary>On which machine.</summary>
    public required string Host { get; init; }

    /// <summary>The version of Belay.</summary>
    public required string Version { get; init; }

    /// <summary>Which systems the environment consisted of. Null in older journals, and where no connection can be identified.</summary>
    public EnvironmentIdentity? Identity { get; init; }
}

/// <summary>A run went on after a halt or a crash.</summary>
public sealed record RunResumed : JournalEvent
{
    /// <summary>Who resumed it.</summary>
    public required string By { get; init; }

    /// <summary>On which machine.</summary>
    public required string Host { get; init; }

    /// <summary>The version of Belay.</summary>
    public required string Version { get; init; }

    /// <summary>The mended tree; null when the plan is the one that ran before.</summary>
    public Plan? Plan { get; init; }

    /// <summary>The mended tree's hash; null when the plan is the one that ran before.</summary>
    public string? PlanHash { get; init; }

    /// <summary>What the mend changed, a line each.</summary>
    public ImmutableArray<string> Changes { get; init; } = [];

    /// <summary>What lint found against going on, or against the mended tree, and a person has accepted; null: nothing.</summary>
    public ImmutableArray<AcceptedRisk>? Accepted { get; init; }

    /// <inheritdoc cref="RunStarted.Identity"/>
    public EnvironmentIdentity? Identity { get; init; }
}

/// <summary>Somebody asked the run to halt.</summary>
public sealed record HaltRequested(string By, string Why) : JournalEvent;

/// <summary>The run stopped at a safe point and waits for a person.</summary>
public sealed record RunHalted : JournalEvent
{
    /// <summary>What kind of thing stopped it.</summary>
    public required HaltCause Cause { get; init; }

    /// <summary>Why, in one line.</summary>
    public required string Why { get; init; }

    /// <summary>The step that it is about; null when it is about none.</summary>
    public string? Step { get; init; }
}

/// <summary>What kinds of things stop a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HaltCause>))]
public enum HaltCause
{
    /// <summary>A step failed.</summary>
    [JsonStringEnumMemberName("step-failed")]
    StepFailed,

    /// <summary>A check says no.</summary>
    [JsonStringEnumMemberName("check-failed")]
    CheckFailed,

    /// <summary>A watch failed.</summary>
    [JsonStringEnumMemberName("watch-failed")]
    WatchFailed,

    /// <summary>A step is in doubt.</summary>
    [JsonStringEnumMemberName("in-doubt")]
    InDoubt,

    /// <summary>A person asked.</summary>
    [JsonStringEnumMemberName("asked")]
    Asked,

    /// <summary>What would be done is more, or less reversible, than what was approved.</summary>
    [JsonStringEnumMemberName("drifted")]
    Drifted,

    /// <summary>It waits for an approval or a confirmation and was told not to wait.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The lease or the journal was lost.</summary>
    [JsonStringEnumMemberName("lease-lost")]
    LeaseLost,

    /// <summary>A freeze reached its deadline while no engine was alive to end it; the watchdog ended it.</summary>
    [JsonStringEnumMemberName("freeze-overdue")]
    FreezeOverdue,

    /// <summary>A system is not the one that the environment is known to have, or cannot say which one it is.</summary>
    [JsonStringEnumMemberName("other-system")]
    OtherSystem,

    /// <summary>An undo failed, or does not reach the state before.</summary>
    [JsonStringEnumMemberName("undo-failed")]
    UndoFailed,

    /// <summary>Rolling back needs a loss to be accepted, or ends at the boundary.</summary>
    [JsonStringEnumMemberName("boundary")]
    Boundary,
}

/// <summary>The run reached its end; the new release is proven.</summary>
public sealed record RunDone : JournalEvent;

/// <summary>The run ended before it had changed anything.</summary>
public sealed record RunFailed(string Why) : JournalEvent
{
    /// <summary>The step that it is about; null when it is about none.</summary>
    public string? Step { get; init; }

    /// <summary>What kind of thing ended it.</summary>
    public HaltCause Cause { get; init; }
}

/// <summary>A person ended the run as it stood.</summary>
public sealed record RunAbandoned(string By, string Why) : JournalEvent
{
    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>The run began to go back.</summary>
public sealed record RollbackStarted : JournalEvent
{
    /// <summary>Who asked.</summary>
    public required string By { get; init; }

    /// <summary>The step that is to be the last one undone; null: all.</summary>
    public string? To { get; init; }

    /// <summary>Steps whose loss through a restore was accepted.</summary>
    public ImmutableArray<string> AcceptedLoss { get; init; } = [];

    /// <summary>How much each of them may lose at most; a step that is left out loses what cannot be counted. Null in older journals.</summary>
    public ImmutableSortedDictionary<string, long>? LossAtMost { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>The run went back as far as asked, each undo verified.</summary>
public sealed record RunRolledBack : JournalEvent;

/// <summary>A step that is not a change began.</summary>
public sealed record StepStarted : StepEvent;

/// <summary>A change is about to be applied. Durable before the first effect.</summary>
public sealed record Intent : StepEvent
{
    /// <summary>The attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Its inputs, resolved but for secrets.</summary>
    public required JsonElement Inputs { get; init; }

    /// <summary>The state before the first attempt, secrets sealed.</summary>
    public required JsonElement Before { get; init; }

    /// <summary>What is left to do.</summary>
    public required Difference Difference { get; init; }

    /// <summary>How it can be taken back, the plan's own word included.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>The backup step through which it is taken back; null when the reversal is not a restore.</summary>
    public string? Restore { get; init; }
}

/// <summary>Long work came further.</summary>
public sealed record Progressed : StepEvent
{
    /// <summary>How far.</summary>
    public required Progress Progress { get; init; }
}

/// <summary>A child process was started.</summary>
public sealed record ChildStarted : StepEvent
{
    /// <summary>Which.</summary>
    public required ProcessIdentity Child { get; init; }

    /// <summary>Its command line, secrets removed.</summary>
    public required string Command { get; init; }
}

/// <summary>A child process ended, or was ended.</summary>
public sealed record ChildEnded : StepEvent
{
    /// <summary>Which.</summary>
    public required ProcessIdentity Child { get; init; }

    /// <summary>Its exit code; null when it is not known (it was settled after a crash).</summary>
    public int? ExitCode { get; init; }
}

/// <summary>An attempt failed in a way that allows another one.</summary>
public sealed record AttemptFailed : StepEvent
{
    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>A step is done and verified.</summary>
public sealed record StepDone : StepEvent
{
    /// <summary>The state after, secrets sealed; for a check what it observed last; null for an item that has no state.</summary>
    public JsonElement? After { get; init; }

    /// <summary>The change was done before the run: rollback leaves it alone.</summary>
    public bool AlreadyDone { get; init; }

    /// <summary>After a crash the work was found done, by observation or by its token.</summary>
    public bool Adopted { get; init; }
}

/// <summary>A step failed for good.</summary>
public sealed record StepFailed : StepEvent
{
    /// <summary>In which way.</summary>
    public required FailureKind Failure { get; init; }

    /// <summary>Why, and what to do.</summary>
    public required string Why { get; init; }
}

/// <summary>A change was started, and whether it happened cannot be told.</summary>
public sealed record StepInDoubt : StepEvent
{
    /// <summary>What is known.</summary>
    public required string Why { get; init; }
}

/// <summary>A person said whether an in-doubt step happened.</summary>
public sealed record StepResolved : StepEvent
{
    /// <summary>Whether it happened.</summary>
    public required bool Happened { get; init; }

    /// <summary>Who said so.</summary>
    public required string By { get; init; }

    /// <summary>How they know.</summary>
    public required string Reason { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>A check was asked. Journaled when the answer or its reason changed.</summary>
public sealed record Checked : StepEvent
{
    /// <summary>The answer.</summary>
    public required Answer Answer { get; init; }

    /// <summary>Why; null when it holds.</summary>
    public string? Why { get; init; }

    /// <summary>What was observed; null when nothing could be.</summary>
    public JsonElement? Observed { get; init; }
}

/// <summary>What a check, or a watch's sample, said.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Answer>))]
public enum Answer
{
    /// <summary>It holds.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>Not yet.</summary>
    [JsonStringEnumMemberName("not-yet")]
    NotYet,

    /// <summary>It is broken.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,

    /// <summary>It could not be read. Never a pass.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>A soak counted on.</summary>
public sealed record Soaked : StepEvent
{
    /// <summary>The sampled time that counts so far.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The good samples that count so far.</summary>
    public required int Samples { get; init; }
}

/// <summary>A loop began; its members are fixed from now on.</summary>
public sealed record EachStarted : StepEvent
{
    /// <summary>The members.</summary>
    public required ImmutableArray<LoopMember> Members { get; init; }
}

/// <summary>A member of a loop.</summary>
/// <param name="Key">What stands after the <c>@</c> in its steps' ids.</param>
/// <param name="Value">The value of the loop's variable.</param>
public sealed record LoopMember(string Key, JsonElement Value);

/// <summary>A member of a loop failed within what is tolerated, was undone and set aside.</summary>
public sealed record MemberSetAside : StepEvent
{
    /// <summary>Which.</summary>
    public required string Member { get; init; }

    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>The run waits for an approval.</summary>
public sealed record ApprovalRequested : StepEvent
{
    /// <summary>Who may give it.</summary>
    public required string By { get; init; }

    /// <summary>The hash that it will cover: <see cref="ApprovalCover"/>.</summary>
    public required string Covers { get; init; }

    /// <summary>What each later change would do now: what the person is shown. Null in older journals: then only the plan was covered.</summary>
    public ImmutableArray<ForeseenChange>? Foreseen { get; init; }
}

/// <summary>A change would do more than what was approved; it was not begun.</summary>
public sealed record DifferenceGrew : StepEvent
{
    /// <summary>The step that approved it.</summary>
    public required string Approval { get; init; }

    /// <summary>What was approved.</summary>
    public required ImmutableArray<DifferenceLine> Approved { get; init; }

    /// <summary>What it would do now.</summary>
    public required ImmutableArray<DifferenceLine> Now { get; init; }
}

/// <summary>A person approved.</summary>
public sealed record Approved : StepEvent
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The hash that it covers.</summary>
    public required string Covers { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>An approval no longer covers the step, because the plan was mended.</summary>
public sealed record ApprovalVoided : StepEvent
{
    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>The run waits for a person to do something and say so.</summary>
public sealed record ConfirmationRequested : StepEvent
{
    /// <summary>What to do.</summary>
    public required string Instructions { get; init; }
}

/// <summary>A person says that they did a manual step.</summary>
public sealed record Confirmed : StepEvent
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>A window of a watch's samples.</summary>
public sealed record WatchSampled : JournalEvent
{
    /// <summary>The watch.</summary>
    public required string Watch { get; init; }

    /// <summary>When the window began; it ends at the event's time.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many samples.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them failed or could not be read.</summary>
    public required int Failed { get; init; }

    /// <summary>The median time that a sample took, milliseconds.</summary>
    public required double MedianMs { get; init; }

    /// <summary>The longest time that a sample took, milliseconds.</summary>
    public required double GreatestMs { get; init; }

    /// <summary>Why the last failed one failed; null when none did.</summary>
    public string? Why { get; init; }
}

/// <summary>A watch failed more often than it tolerates.</summary>
public sealed record WatchFailed(string Watch, string Why) : JournalEvent;

/// <summary>A change is about to be undone. Durable before the first effect.</summary>
public sealed record UndoIntent : StepEvent;

/// <summary>A change was taken back, verified by observation; or nothing of it is left to take back.</summary>
public sealed record StepUndone : StepEvent
{
    /// <summary>The state afterwards; null when nothing had to be done.</summary>
    public JsonElement? Observed { get; init; }

    /// <summary>Why nothing had to be done; null when it was undone.</summary>
    public string? Skipped { get; init; }
}

/// <summary>An undo failed, or did not reach the state before.</summary>
public sealed record UndoFailed : StepEvent
{
    /// <summary>Why, and what to do.</summary>
    public required string Why { get; init; }
}

/// <summary>A store is about to be restored from a backup because a change cannot be undone. Durable before the first effect.</summary>
public sealed record RestoreIntent : StepEvent
{
    /// <summary>The step that made the backup.</summary>
    public required string Backup { get; init; }

    /// <summary>What is lost, counted just now.</summary>
    public required Loss Loss { get; init; }
}

/// <summary>A store was restored and compared with the backup.</summary>
public sealed record StoreRestored : StepEvent
{
    /// <summary>The step that made the backup.</summary>
    public required string Backup { get; init; }
}

/// <summary>The clock shows an earlier time than the last event has. Times of the run are not to be compared across this event.</summary>
public sealed record ClockSetBack(DateTimeOffset Was) : JournalEvent;

/// <summary>Somebody asked for something that the run does not allow.</summary>
public sealed record RequestRefused(string By, string Asked, string Why) : JournalEvent;

/// <summary>Directly before a change that cannot be taken back exactly, the environment's systems were compared with those that are known.</summary>
public sealed record IdentityCompared : StepEvent
{
    /// <summary>What was read and compared.</summary>
    public required EnvironmentIdentity Identity { get; init; }
}
