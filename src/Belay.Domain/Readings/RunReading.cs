using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Plans;

namespace Belay.Domain.Readings;

/// <summary>What a journal says of its run: the one fold from which the engine resumes and from which every screen, report and status is drawn.</summary>
/// <remarks>Not safe for several threads: each reader folds for itself.</remarks>
public sealed class RunReading
{
    private readonly Dictionary<string, StepReading> steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WatchReading> watches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApprovedChange> approved = new(StringComparer.Ordinal);
    private readonly List<JournalEntry> milestones = [];

    /// <summary>The run's id; empty before the first event.</summary>
    public string Run { get; private set; } = "";

    /// <summary>How the run began; null before the first event.</summary>
    public RunStarted? Start { get; private set; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it was halted or ended, UTC; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; private set; }

    /// <summary>The time of the last event, UTC.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The plan that runs now: the first one, or the last mend.</summary>
    public Plan? Plan { get; private set; }

    /// <summary>The hash of <see cref="Plan"/>.</summary>
    public string PlanHash { get; private set; } = "";

    /// <summary>How the run stands.</summary>
    public RunStatus Status { get; private set; } = RunStatus.Running;

    /// <summary>The last halt; null when the run is not halted.</summary>
    public RunHalted? Halt { get; private set; }

    /// <summary>How it is parked, and since when (UTC); null when it is not.</summary>
    public (RunParked Parking, DateTimeOffset Since)? Parked { get; private set; }

    /// <summary>How the run failed before any change; null when it did not.</summary>
    public RunFailed? Failure { get; private set; }

    /// <summary>The rollback that is under way or ended; null when there was none.</summary>
    public RollbackStarted? Rollback { get; private set; }

    /// <summary>Who started the run, or resumed it last; empty before the first event.</summary>
    public string By { get; private set; } = "";

    /// <summary>Who mended the plan last; null: nobody did.</summary>
    public string? Mender { get; private set; }

    /// <summary>What lint found against the plan and a person has accepted, in the order in which it was journaled.</summary>
    public ImmutableArray<AcceptedRisk> Accepted { get; private set; } = [];

    /// <summary>The number of events so far.</summary>
    public long Sequence { get; private set; }

    /// <summary>The hash of the last event.</summary>
    public string Hash { get; private set; } = JournalLine.Genesis;

    /// <summary>All steps of which the journal says something, by id, in the order in which they began.</summary>
    public IReadOnlyDictionary<string, StepReading> Steps => steps;

    /// <summary>What the approvals in force showed of changes, by the change's step: a change that would do more must not begin.</summary>
    public IReadOnlyDictionary<string, ApprovedChange> ApprovedChanges => approved;

    /// <summary>The watches, by name.</summary>
    public IReadOnlyDictionary<string, WatchReading> Watches => watches;

    /// <summary>The events about the run as a whole and about people: starts, halts, approvals, mends; in order.</summary>
    public IReadOnlyList<JournalEntry> Milestones => milestones;

    /// <summary>What the journal says of a step; null when it says nothing yet.</summary>
    public StepReading? Find(string step) => steps.GetValueOrDefault(step);

    /// <summary>Folds a whole journal.</summary>
    public static RunReading Of(IEnumerable<JournalEntry> entries)
    {
        var reading = new RunReading();
        foreach (var entry in entries)
            reading.Apply(entry);
        return reading;
    }

    /// <summary>Takes in the next event.</summary>
    public void Apply(JournalEntry entry)
    {
        Sequence = entry.Sequence;
        Hash = entry.Hash;
        LastAt = entry.At;
        switch (entry.Event)
        {
            case StepEvent happened:
                ApplyStep(happened, entry);
                break;
            case WatchSampled sampled:
                WatchOf(sampled.Watch).Add(sampled, entry.At);
                break;
            case WatchFailed failed:
                WatchOf(failed.Watch).Fail(failed.Why);
                milestones.Add(entry);
                break;
            default:
                ApplyRun(entry);
                milestones.Add(entry);
                break;
        }
    }

    private void ApplyRun(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case RunStarted started:
                (Run, Start, StartedAt, Plan, PlanHash) = (
                    started.Run,
                    started,
                    entry.At,
                    started.Plan,
                    started.PlanHash
                );
                (By, Accepted) = (started.By, started.Accepted ?? []);
                break;
            case RunResumed resumed:
                By = resumed.By;
                Mender = resumed.Plan is null ? Mender : resumed.By;
                Plan = resumed.Plan ?? Plan;
                PlanHash = resumed.PlanHash ?? PlanHash;
                Accepted = [.. Accepted.Union(resumed.Accepted ?? [])];
                GoOn(Rollback is null ? RunStatus.Running : RunStatus.RollingBack);
                break;
            case RollbackStarted rollback:
                Rollback = rollback;
                GoOn(RunStatus.RollingBack);
                break;
            case RunParked parked:
                (Status, Parked) = (RunStatus.Parked, (parked, entry.At));
                break;
            case RunWoken:
                GoOn(RunStatus.Running);
                break;
            case RunHalted halted:
                Halt = halted;
                Stop(RunStatus.Halted, entry.At);
                break;
            case RunFailed failed:
                Failure = failed;
                Stop(RunStatus.Failed, entry.At);
                break;
            case RunDone:
                Stop(RunStatus.Done, entry.At);
                break;
            case RunRolledBack:
                Stop(RunStatus.RolledBack, entry.At);
                break;
            case RunAbandoned:
                Stop(RunStatus.Abandoned, entry.At);
                break;
        }
    }

    private void GoOn(RunStatus status) => (Status, Halt, StoppedAt, Parked) = (status, null, null, null);

    private void Stop(RunStatus status, DateTimeOffset at) => (Status, StoppedAt, Parked) = (status, at, null);

    private void ApplyStep(StepEvent happened, JournalEntry entry)
    {
        if (!steps.TryGetValue(happened.Step, out var step))
            steps.Add(happened.Step, step = new StepReading(happened.Step, entry.At));
        step.Apply(happened, entry.At, entry.Sequence);
        if (happened is StepDone && step.Requested?.Foreseen is { } shown)
            Approve(step.Id, shown);
        if (happened is ApprovalVoided)
            Void(step.Id);
        if (
            happened
            is Approved
                or ApprovalVoided
                or DifferenceGrew
                or Confirmed
                or StepResolved
                or MemberSetAside
                or StepInDoubt
                or RestoreIntent
                or StoreRestored
        )
            milestones.Add(entry);
    }

    private void Approve(string approval, ImmutableArray<ForeseenChange> shown)
    {
        foreach (var change in shown)
            approved[change.Step] = new ApprovedChange(approval, change);
    }

    private void Void(string approval)
    {
        foreach (var (step, _) in approved.Where(known => known.Value.Approval == approval).ToArray())
            approved.Remove(step);
    }

    private WatchReading WatchOf(string name)
    {
        if (!watches.TryGetValue(name, out var watch))
            watches.Add(name, watch = new WatchReading(name));
        return watch;
    }
}
