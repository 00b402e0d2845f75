using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Rehearsal.Simulation;

namespace SimulatedWorld;

/// <summary>The real engine on a simulated world, under virtual time.</summary>
public sealed class Stage
{
    /// <summary>The run's id.</summary>
    public const string Run = "run-1";

    /// <summary>No run of a simulation takes longer than this, in virtual time: longer is stuck.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromDays(3);

    /// <param name="readsBack">Whether events go through their lines of the journal.</param>
    public Stage(bool readsBack = true)
    {
        Store = new MemoryStore(Time) { IsExact = readsBack };
        World.IsDead = () => Store.IsDead;
        Systems = new(World);
        Children = new(World, Time);
    }

    public VirtualTime Time { get; } = new();

    public World World { get; } = new();

    public MemoryStore Store { get; }

    /// <summary>The child processes.</summary>
    public SimulatedChildren Children { get; }

    /// <summary>The keys of people; nobody has one, unless a test says otherwise.</summary>
    public Signers Signers { get; set; } = Signers.None;

    /// <summary>Who may act in which role; all may act in all, unless a test says otherwise.</summary>
    public Func<string, string, bool> MayAct { get; set; } = (_, _) => true;

    /// <summary>What lint found and somebody accepted.</summary>
    public ImmutableArray<AcceptedRisk> Accepted { get; set; } = [];

    /// <summary>A soak that has longer than this to go parks its run.</summary>
    public TimeSpan ParkAfter { get; set; } = EngineParts.CustomaryParking;

    /// <summary>The environment: no systems that can say which ones they are, unless a test puts some there.</summary>
    public SimulatedEnvironment Systems { get; }

    /// <summary>The leases; the store's own, unless somebody listens to them.</summary>
    public ILeases? Leases { get; set; }

    /// <summary>The run as its journal has it.</summary>
    public RunReading Reading => RunReading.Of(Store.Journal(Run));

    public RunOutcome Start(Plan plan, bool wait = true) => StartHaltable(plan, wait, CancellationToken.None);

    /// <summary>Starts a run that the token halts, as Ctrl-C does.</summary>
    public RunOutcome StartHaltable(Plan plan, bool wait, CancellationToken halt) =>
        Do(engine =>
            engine.StartAsync(
                new StartOrder
                {
                    Run = Run,
                    Plan = plan,
                    PlanFile = "/plans/plan.yaml",
                    By = "anna",
                    Accepted = Accepted,
                    WaitForPeople = wait,
                },
                halt
            )
        );

    public RunOutcome Resume(Plan? plan = null, string by = "anna", bool wait = true) =>
        ResumeHaltable(plan, by, wait, CancellationToken.None);

    /// <summary>Goes on with a run that the token halts, as Ctrl-C does.</summary>
    public RunOutcome ResumeHaltable(Plan? plan, string by, bool wait, CancellationToken halt) =>
        Do(engine =>
            engine.ResumeAsync(
                new ResumeOrder
                {
                    Run = Run,
                    By = by,
                    GroundFor = _ => Task.FromResult(new Ground { Plan = plan, Accepted = Accepted }),
                    WaitForPeople = wait,
                },
                halt
            )
        );

    public RunOutcome Rollback(string? to = null, params string[] acceptLoss) =>
        Rollback(to, new Dictionary<string, long>(), acceptLoss);

    public RunOutcome Rollback(string? to, IReadOnlyDictionary<string, long> atMost, params string[] acceptLoss) =>
        RollbackTo(to, acceptCombination: to, atMost, acceptLoss);

    /// <summary>The same, with what the person says of what then runs.</summary>
    public RunOutcome RollbackTo(
        string? to,
        string? acceptCombination,
        IReadOnlyDictionary<string, long> atMost,
        params string[] acceptLoss
    ) =>
        Do(engine =>
            engine.RollbackAsync(
                new RollbackOrder
                {
                    Run = Run,
                    By = "anna",
                    To = to,
                    AcceptCombination = acceptCombination,
                    AcceptLoss = [.. acceptLoss],
                    LossAtMost = atMost.ToImmutableSortedDictionary(StringComparer.Ordinal),
                },
                default
            )
        );

    public RunOutcome Resolve(string step, bool happened) =>
        Do(engine =>
            engine.ResolveAsync(
                Run,
                new StepResolved
                {
                    Step = step,
                    Happened = happened,
                    By = "anna",
                    Reason = "looked at it",
                },
                default
            )
        );

    public RunOutcome Abandon() => Do(engine => engine.AbandonAsync(Run, new RunAbandoned("anna", "enough"), default));

    /// <summary>Does something with an engine of its own, as a new process would.</summary>
    public RunOutcome Do(Func<RunEngine, Task<RunOutcome>> work) => Time.Run(() => work(new RunEngine(Parts())), Most);

    /// <summary>The engine's parts.</summary>
    public EngineParts Parts() =>
        new()
        {
            Catalog = Toys.Catalog,
            Journals = Store,
            Leases = Leases ?? Store,
            Requests = Store,
            Sealed = Store,
            Children = Children,
            Watchdogs = Store,
            Identities = Store,
            Environment = Systems,
            MayAct = MayAct,
            Signers = Signers,
            WorkingFolder = _ => "/nowhere",
            Clock = Time,
            Version = "0.0.0",
            Host = "simulation",
            ParkAfter = ParkAfter,
        };

    /// <summary>A plan of these items.</summary>
    public static Plan PlanOf(params ImmutableArray<Item> steps) =>
        new()
        {
            Upgrade = "toy",
            From = "1",
            To = "2",
            Environment = "default",
            Steps = steps,
        };

    /// <summary>A change.</summary>
    public static DoItem Do(
        string id,
        string operation,
        string? cell = null,
        string? restore = null,
        TimeSpan? limit = null
    ) =>
        new()
        {
            Id = id,
            Title = id,
            Operation = operation,
            With = With(cell ?? id),
            Restore = restore,
            Limit = limit ?? TimeSpan.FromMinutes(5),
        };

    /// <summary>Inputs for a toy.</summary>
    public static JsonElement With(string cell, string? value = null) =>
        JsonElement.Parse(
            value is null ? $$"""{"cell":"{{cell}}"}""" : $$"""{"cell":"{{cell}}","value":"{{value}}"}"""
        );
}
