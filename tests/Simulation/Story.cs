using System.Globalization;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;

namespace Simulation;

/// <summary>One simulated life of a run: a random plan, random faults, deaths at journal writes, and a person who goes on until the run is closed.</summary>
internal sealed class Story(int seed)
{
    private static readonly Fault[] Faults = [Fault.Transient, Fault.Refused, Fault.Unknown, Fault.Hang, Fault.Bug];
    private readonly Random random = new(seed);
    private readonly List<string> told = [];
    private bool lostLease;

    public Stage Stage { get; } = new();

    /// <summary>Lives it.</summary>
    /// <returns>What was violated; null: nothing.</returns>
    public string? Live()
    {
        var made = new RandomPlans(random);
        var plan = made.Make();
        var wantsBack = random.Next(3) == 0;
        Disturb(made);
        var before = Stage.World.Snapshot();
        try
        {
            using var thief = Thief();
            using var halt = CtrlC();
            Tell(() => Stage.StartHaltable(plan, wait: true, halt.Token), "start");
            for (var round = 0; !Closed; round++)
            {
                if (round > 60)
                    return Violation("the run does not come to an end");
                if (round == 5)
                    Calm();
                GoOn(wantsBack);
                if (StillFrozen(plan) is { } frozen)
                    return Violation(frozen);
            }
            return Judge(plan, before) is { } violation ? Violation(violation) : null;
        }
        catch (Exception e)
        {
            return Violation(e.ToString());
        }
    }

    private bool Closed => Started && Stage.Reading.Status.IsClosed();

    private bool Started => Stage.Store.ListAsync(null, default).Result.Count > 0;

    private void Disturb(RandomPlans made)
    {
        foreach (var step in made.Steps.Where(_ => random.Next(4) == 0))
        {
            var (moment, fault) = ((Moment)random.Next(5), Faults[random.Next(Faults.Length)]);
            // A transient failure promises that nothing was done: an operation that lies about it is caught by its own suite.
            var kept =
                fault == Fault.Transient && moment is Moment.AfterEffect or Moment.HalfWay ? Fault.Unknown : fault;
            Stage.World.Inject(step, moment, kept);
        }
        if (random.Next(2) == 0)
            Stage.Store.DieAt = random.Next(2, 120);
    }

    /// <summary>Now and then somebody else takes the lease away, in the middle of whatever the engine does.</summary>
    private ITimer? Thief() =>
        random.Next(5) == 0
            ? Stage.Time.CreateTimer(
                _ => Stage.Store.StealLease(),
                null,
                TimeSpan.FromMilliseconds(random.Next(1, 3000)),
                Timeout.InfiniteTimeSpan
            )
            : null;

    /// <summary>Now and then the person at the terminal wants it to stop.</summary>
    private CancellationTokenSource CtrlC() =>
        random.Next(5) == 0 ? new(TimeSpan.FromMilliseconds(random.Next(1, 3000)), Stage.Time) : new();

    private void Calm()
    {
        Stage.World.Heal();
        Stage.Store.Revive();
    }

    private void GoOn(bool wantsBack)
    {
        if (Stage.Store.IsDead)
        {
            Stage.Store.Revive();
            if (random.Next(2) == 0)
                Stage.Store.DieAt = Stage.Store.Writes + random.Next(1, 60);
            if (random.Next(5) == 0)
                Stage.Time.Skew -= TimeSpan.FromMinutes(10);
        }
        if (!Started)
        {
            Tell(() => Stage.Start(new RandomPlans(new Random(seed)).Make()), "start again");
            return;
        }
        ResolveDoubts();
        if (wantsBack && Stage.Reading.Rollback is null)
            Tell(() => Stage.Rollback(null, [.. Stage.Reading.Steps.Keys]), "rollback");
        else
            Tell(() => Stage.Resume(), "resume");
    }

    /// <summary>The person who is asked knows the truth: they look into the system's own log.</summary>
    private void ResolveDoubts()
    {
        foreach (
            var step in Stage
                .Reading.Steps.Values.Where(step => step is { State: StepState.InDoubt, Resolution: null })
                .ToArray()
        )
            Tell(() => Stage.Resolve(step.Id, Net(step.Id) > 0), $"resolve {step.Id}");
    }

    private int Net(string step) =>
        Stage.World.Effects.Count(effect => effect == $"apply {step}")
        - Stage.World.Effects.Count(effect => effect == $"undo {step}");

    // An engine that died, or lost its lease, touches nothing any more, its freezes neither: whoever comes next thaws them first.
    private string? StillFrozen(Plan plan) =>
        Stage.Store.IsDead || lostLease || !Started
            ? null
            : plan.AllItems()
                .OfType<DuringItem>()
                .Where(during =>
                    during.Mode == DuringMode.Freeze
                    && Stage.World[during.Id + "-on"] is not null
                    && Stage.Reading.Find(during.Condition.Id)?.State is not (StepState.UndoFailed or StepState.InDoubt)
                )
                .Select(during => $"{during.Id} is still frozen after the engine stopped")
                .FirstOrDefault();

    private string? Judge(Plan plan, IReadOnlyDictionary<string, string> before)
    {
        foreach (var step in Stage.Reading.Steps.Keys)
        {
            if (Net(step) > 1)
                return $"{step} took effect {Net(step)} times";
        }
        return Stage.Reading.Status switch
        {
            RunStatus.RolledBack or RunStatus.Failed => Same(before, Stage.World.Snapshot())
                ? null
                : "the run went back, and the world is not as it was",
            RunStatus.Done => NotDone(plan),
            var status => $"the run ended {status}",
        };
    }

    private string? NotDone(Plan plan) =>
        plan.AllItems()
            .OfType<DoItem>()
            .Where(item =>
                !item.Id.EndsWith(".condition", StringComparison.Ordinal)
                && !Stage.Reading.Steps.Values.Any(step =>
                    (step.Id == item.Id || step.Id.StartsWith(item.Id + "@", StringComparison.Ordinal))
                    && step.State == StepState.Done
                )
            )
            .Select(item => $"the run is done, and {item.Id} is not")
            .FirstOrDefault();

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(cell => b.TryGetValue(cell.Key, out var value) && value == cell.Value);

    private void Tell(Func<Belay.Engine.RunOutcome> act, string what)
    {
        Belay.Engine.RunOutcome outcome;
        try
        {
            outcome = act();
        }
        catch (Belay.Engine.Ports.JournalException) when (Stage.Store.IsDead)
        {
            told.Add($"{what} → died");
            return;
        }
        lostLease = outcome.Problem is not null;
        told.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what} → {outcome.Reading.Status} {outcome.Reading.Halt?.Cause} {outcome.Reading.Halt?.Step} {outcome.Problem}"
            )
        );
    }

    private string Violation(string what) =>
        $"seed {seed}: {what}\n  {string.Join("\n  ", told)}\n  effects: {string.Join(", ", Stage.World.Effects)}\n  cells: {string.Join(", ", Stage.World.Snapshot())}\n"
        + (
            Started
                ? string.Join("\n", Stage.Store.Journal(Stage.Run).Select(entry => $"  {entry.Sequence} {entry.Event}"))
                : ""
        );
}
