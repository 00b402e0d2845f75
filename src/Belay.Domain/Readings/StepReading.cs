using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Domain.Readings;

/// <summary>What a journal says of one step.</summary>
public sealed class StepReading
{
    private readonly List<Approved> approvals = [];
    private readonly Dictionary<ProcessIdentity, string> children = [];
    private readonly Dictionary<string, string> setAside = new(StringComparer.Ordinal);

    internal StepReading(string id, DateTimeOffset startedAt) => (Id, StartedAt) = (id, startedAt);

    /// <summary>The sequence number of the step's last first intent (or first event): rollback goes by it, the greatest first.</summary>
    public long Order { get; private set; }

    /// <summary>The sequence number of the first intent of all (or first event, where there is none), also when the step was undone and begun anew since.</summary>
    public long Began { get; private set; }

    /// <summary>The sequence number at which it was done last; null: it never was.</summary>
    public long? DoneAt { get; private set; }

    /// <summary>The sequence number at which it was taken back last; null: it never was.</summary>
    public long? UndoneAt { get; private set; }

    /// <summary>The step's id; inside a loop <c>ID@MEMBER</c>.</summary>
    public string Id { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it was done, failed or undone, UTC; null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How it stands.</summary>
    public StepState State { get; private set; } = StepState.Running;

    /// <summary>The first attempt's intent; its before-image is the one that undo returns to. Null: no change was begun.</summary>
    public Intent? Intent { get; private set; }

    /// <summary>When the last attempt began, UTC; null: no change was begun.</summary>
    public DateTimeOffset? AttemptedAt { get; private set; }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>The state after, secrets sealed; for a check what it observed last.</summary>
    public JsonElement? After { get; private set; }

    /// <summary>The change was done before the run began: rollback leaves it alone.</summary>
    public bool AlreadyDone { get; private set; }

    /// <summary>Found done after a crash.</summary>
    public bool Adopted { get; private set; }

    /// <summary>The last progress; null when there was none.</summary>
    public Progress? Progress { get; private set; }

    /// <summary>The last checkpoint; null when there was none.</summary>
    public JsonElement? Checkpoint { get; private set; }

    /// <summary>Why it failed, is in doubt, waits, or had not to be undone; null: nothing to say.</summary>
    public string? Why { get; private set; }

    /// <summary>How it failed; null when it did not.</summary>
    public FailureKind? Failure { get; private set; }

    /// <summary>The last answer of a check; null when it was never asked.</summary>
    public Answer? Answer { get; private set; }

    /// <summary>Sampled time of a soak that counts so far.</summary>
    public TimeSpan SoakedTime { get; private set; }

    /// <summary>Good samples of a soak that count so far.</summary>
    public int SoakedSamples { get; private set; }

    /// <summary>The members of a loop; null before it began.</summary>
    public ImmutableArray<LoopMember>? Members { get; private set; }

    /// <summary>Members of a loop that were set aside, and why.</summary>
    public IReadOnlyDictionary<string, string> SetAside => setAside;

    /// <summary>What an approval of this step covers, as it was shown last; null when none was asked for.</summary>
    public ApprovalRequested? Requested { get; private set; }

    /// <summary>Approvals that are in force.</summary>
    public IReadOnlyList<Approved> Approvals => approvals;

    /// <summary>How a manual step was confirmed; null when it was not.</summary>
    public Confirmed? Confirmation { get; private set; }

    /// <summary>A person's word on an in-doubt step; null when none was given.</summary>
    public StepResolved? Resolution { get; private set; }

    /// <summary>Children of which no end is journaled, with their command lines.</summary>
    public IReadOnlyDictionary<ProcessIdentity, string> Children => children;

    /// <summary>The change stands in the live system as far as the journal tells, wholly or in part: rollback has to deal with it.</summary>
    public bool HasEffect => Intent is not null && !AlreadyDone && State is not (StepState.Undone or StepState.Waiting);

    internal void Apply(StepEvent happened, DateTimeOffset at, long sequence)
    {
        if (Order == 0)
            (Order, Began) = (sequence, sequence);
        if (happened is StepDone)
            DoneAt = sequence;
        if (happened is StepUndone or StoreRestored)
            UndoneAt = sequence;
        switch (happened)
        {
            case StepStarted or ApprovalRequested or ConfirmationRequested or EachStarted:
                (State, EndedAt, Why) = (StepState.Running, null, null);
                if (happened is EachStarted loop)
                    Members = loop.Members;
                if (happened is ApprovalRequested requested)
                    Ask(requested);
                break;
            case Intent intent:
                AttemptedAt = at;
                Began = Intent is null ? sequence : Began;
                // After an undo the step begins anew: what was the state before then is of no use now.
                if (State is StepState.Undone || Intent is null)
                    (Intent, Order, After) = (intent, sequence, null);
                (State, Attempts, EndedAt, Why, Failure, Resolution) = (
                    StepState.Running,
                    intent.Attempt,
                    null,
                    null,
                    null,
                    null
                );
                break;
            case Progressed progressed:
                Progress = progressed.Progress;
                Checkpoint = progressed.Progress.Checkpoint ?? Checkpoint;
                break;
            case ChildStarted child:
                children[child.Child] = child.Command;
                break;
            case ChildEnded child:
                children.Remove(child.Child);
                break;
            case AttemptFailed failed:
                Why = failed.Why;
                break;
            case StepDone done:
                (After, AlreadyDone, Adopted) = (done.After, done.AlreadyDone, done.Adopted);
                End(StepState.Done, null, at);
                break;
            case StepFailed failed:
                Failure = failed.Failure;
                End(StepState.Failed, failed.Why, at);
                break;
            case StepInDoubt doubt:
                End(StepState.InDoubt, doubt.Why, at);
                break;
            case StepResolved resolved:
                Resolution = resolved;
                break;
            case Checked asked:
                (Answer, Why) = (asked.Answer, asked.Why);
                After = asked.Observed ?? After;
                break;
            case Soaked soaked:
                (SoakedTime, SoakedSamples) = (soaked.Time, soaked.Samples);
                break;
            default:
                ApplyPeople(happened, at);
                break;
        }
    }

    private void Ask(ApprovalRequested requested)
    {
        Requested = requested;
        // Whoever approved something else has not approved this.
        approvals.RemoveAll(approval => approval.Covers != requested.Covers);
    }

    private void ApplyPeople(StepEvent happened, DateTimeOffset at)
    {
        switch (happened)
        {
            case Approved approved:
                approvals.Add(approved);
                break;
            case ApprovalVoided voided:
                approvals.Clear();
                (State, Why, EndedAt) = (StepState.Waiting, voided.Why, null);
                break;
            case Confirmed confirmed:
                Confirmation = confirmed;
                break;
            case MemberSetAside member:
                setAside[member.Member] = member.Why;
                break;
            case UndoIntent:
                (State, EndedAt) = (StepState.Undoing, null);
                break;
            case StepUndone undone:
                End(StepState.Undone, undone.Skipped, at);
                break;
            case UndoFailed failed:
                End(StepState.UndoFailed, failed.Why, at);
                break;
            case RestoreIntent:
                (State, EndedAt) = (StepState.Undoing, null);
                break;
            case StoreRestored:
                End(StepState.Undone, null, at);
                break;
        }
    }

    private void End(StepState state, string? why, DateTimeOffset at) => (State, Why, EndedAt) = (state, why, at);
}

/// <summary>How a step stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepState>))]
public enum StepState
{
    /// <summary>Not begun.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>Under way; or its engine died.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Done and verified.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Failed; a change may have been done in part.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Begun, and whether it happened cannot be told.</summary>
    [JsonStringEnumMemberName("in-doubt")]
    InDoubt,

    /// <summary>Being taken back.</summary>
    [JsonStringEnumMemberName("undoing")]
    Undoing,

    /// <summary>Taken back and verified.</summary>
    [JsonStringEnumMemberName("undone")]
    Undone,

    /// <summary>Taking it back failed.</summary>
    [JsonStringEnumMemberName("undo-failed")]
    UndoFailed,
}
