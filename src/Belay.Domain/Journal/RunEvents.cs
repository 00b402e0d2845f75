using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Domain.Parking;
using Belay.Domain.Plans;

namespace Belay.Domain.Journal;

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

    /// <summary>The runs of the environment that were parked when this one began, and that it passes because it touches nothing of them; null: none was.</summary>
    public ImmutableArray<string>? Beside { get; init; }
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

/// <summary>The run only waits, and gave its environment back until it wakes: a run that touches nothing of this one may pass.</summary>
public sealed record RunParked : JournalEvent
{
    /// <summary>The soak for which it waits.</summary>
    public required string Step { get; init; }

    /// <summary>When the soak is over if nothing comes between, UTC.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>All that the run touches.</summary>
    public required Reach Reach { get; init; }
}

/// <summary>A parked run has its environment again; what it has done is observed again before it goes on.</summary>
/// <param name="Why">What woke it.</param>
public sealed record RunWoken(string Why) : JournalEvent;

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

    /// <summary>The step after whose undoing something may run that was never seen working together; null: that was not accepted.</summary>
    public string? AcceptedCombination { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>The run went back as far as asked, each undo verified.</summary>
public sealed record RunRolledBack : JournalEvent;

/// <summary>The clock shows an earlier time than the last event has. Times of the run are not to be compared across this event.</summary>
public sealed record ClockSetBack(DateTimeOffset Was) : JournalEvent;

/// <summary>Somebody asked for something that the run does not allow.</summary>
public sealed record RequestRefused(string By, string Asked, string Why) : JournalEvent;
