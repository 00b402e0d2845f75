using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Engine;
using Belay.Engine.Ports;

namespace SimulatedWorld.Lives;

/// <summary>All that goes wrong in a life, each thing at a moment of its own.</summary>
internal sealed class Trouble(Stage stage, Random random, Tally tally, Witness witness)
{
    private static readonly Fault[] Faults = [Fault.Transient, Fault.Refused, Fault.Unknown, Fault.Hang, Fault.Bug];
    private readonly List<Task> others = [];
    private bool calm;

    /// <summary>The only step of the run that another engine wants to start.</summary>
    public const string OtherStep = "other";

    /// <summary>An order of the story's own person is being carried out.</summary>
    public bool Working { get; set; }

    /// <summary>What else still works on the run: an engine that took over.</summary>
    public IReadOnlyList<Task> Others => others;

    /// <summary>Another engine may come to work on the run, or works on it.</summary>
    public bool IsRestless { get; private set; }

    /// <summary>Cells that a stranger altered.</summary>
    public HashSet<string> Strange { get; } = new(StringComparer.Ordinal);

    /// <summary>Prepares what will happen.</summary>
    public void Prepare(RandomPlans made, Plan plan)
    {
        foreach (var step in made.Steps.Where(_ => random.Next(5) == 0))
            Inject(step);
        stage.World.OnFault = (_, moment, fault) =>
        {
            tally.Count($"fault: {fault}");
            tally.Count($"moment: {moment}");
        };
        foreach (var check in plan.AllItems().OfType<CheckItem>().Where(check => check.Operation == "toy.is"))
            At(20_000, () => ComeTrue(check));
        if (random.Next(2) == 0)
            stage.Store.DieAt = random.Next(2, 120);
        Sometimes(5, "the lease is stolen", 5000, Steal);
        Sometimes(5, "another engine", 5000, Intrude);
        Sometimes(6, "the clock is set", 5000, SetClock);
        Sometimes(8, "a halt is asked for", 5000, AskToHalt);
        if (!plan.Watches.IsEmpty)
            Sometimes(2, "a watch fails", 5000, GoDown);
    }

    /// <summary>A way to stop the run from its own terminal; now and then the person uses it.</summary>
    public CancellationTokenSource CtrlC()
    {
        if (random.Next(6) > 0)
            return new();
        tally.Count("happening: Ctrl-C");
        return new(TimeSpan.FromMilliseconds(random.Next(1, 3000)), stage.Time);
    }

    /// <summary>The journal's events give strangers their occasions.</summary>
    public void See(JournalEvent happened)
    {
        if (calm)
            return;
        if (
            happened is StepDone { Step: var done }
            && witness.Reading.Find(done)?.Requested is { } shown
            && random.Next(3) == 0
        )
            Alter(shown);
        if (
            happened is StepDone { Step: var proof }
            && proof.StartsWith("proof", StringComparison.Ordinal)
            && random.Next(3) == 0
            && CellOf(proof) is { } idle
            && stage.World[idle] == "idle"
        )
        {
            tally.Count("happening: what was idle is used again");
            stage.World.Set(idle, "busy");
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Calm(Plan plan)
    {
        calm = true;
        stage.World.Heal();
        stage.Store.Revive();
        witness.Watched(up: true);
        foreach (var check in plan.AllItems().OfType<CheckItem>())
            ComeTrue(check);
    }

    /// <summary>Dies again soon, now and then.</summary>
    public void DieSoon()
    {
        if (random.Next(3) == 0)
            stage.Store.DieAt = stage.Store.Writes + random.Next(1, 60);
    }

    private void Inject(string step)
    {
        var (moment, fault) = ((Moment)random.Next(5), Faults[random.Next(Faults.Length)]);
        // A transient failure promises that nothing was done: an operation that lies about it is caught by its own suite.
        var kept = fault == Fault.Transient && moment is Moment.AfterEffect or Moment.HalfWay ? Fault.Unknown : fault;
        stage.World.Inject(step, moment, kept);
        if (step.EndsWith(".condition", StringComparison.Ordinal))
            witness.Stubborn.Add(step);
    }

    private void ComeTrue(CheckItem check)
    {
        var cell = check.With.GetProperty("cell").GetString()!;
        if (check.Operation == "toy.is" && stage.World[cell] != "right")
            stage.World.Set(cell, "right");
        if (check.Operation == "toy.idle" && stage.World[cell] == "busy")
            stage.World.Set(cell, "idle");
    }

    /// <summary>A stranger alters what somebody has just approved.</summary>
    private void Alter(ApprovalRequested shown)
    {
        var waiting = (shown.Foreseen ?? [])
            .Where(change =>
                change.Operation is "toy.set" or "toy.pair"
                && witness.Reading.Find(change.Step) is null
                && change.Step.IndexOfAny(['@', '.']) < 0
            )
            .ToArray();
        if (waiting.Length == 0)
            return;
        var step = waiting[random.Next(waiting.Length)].Step;
        tally.Count("happening: a stranger alters what was approved");
        Strange.Add(step);
        stage.World.Set(step, "strange");
    }

    private string? CellOf(string check) =>
        witness
            .Reading.Plan!.AllItems()
            .OfType<CheckItem>()
            .FirstOrDefault(item => item.Id == check)
            ?.With.GetProperty("cell")
            .GetString();

    private void Steal()
    {
        witness.LeaseWasStolen = true;
        stage.Store.StealLease();
        // Whoever takes over waits out what may still be under way.
        At(1, () => others.Add(TryAsync(engine => engine.ResumeAsync(Resume(), default))), after: 120_000);
    }

    /// <summary>A second engine on the same run, while the first one works: refused, nothing doubled.</summary>
    private void Intrude()
    {
        var expectRefusal = Working && !witness.LeaseWasStolen && !stage.Store.IsDead;
        others.Add(IntrudeAsync(expectRefusal));
    }

    private async Task IntrudeAsync(bool expectRefusal)
    {
        var starts = random.Next(2) == 0;
        var refused = await TryAsync(engine =>
            starts
                ? engine.StartAsync(
                    new()
                    {
                        Run = "run-2",
                        Plan = Stage.PlanOf(Stage.Do(OtherStep, "toy.set")),
                        PlanFile = "/plans/other.yaml",
                        By = "boris",
                    },
                    default
                )
                : engine.ResumeAsync(Resume(), default)
        );
        if (expectRefusal && !refused)
            witness.Accuse("a second engine was let in while the first one worked");
        if (refused)
            tally.Count("happening: another engine is refused");
    }

    private static ResumeOrder Resume() => new() { Run = Stage.Run, By = "boris" };

    private async Task<bool> TryAsync(Func<RunEngine, Task<RunOutcome>> work)
    {
        try
        {
            await work(new RunEngine(stage.Parts()));
            return false;
        }
        catch (OrderRefusedException)
        {
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    private void SetClock()
    {
        witness.ClockWasSet = true;
        stage.Time.Skew += TimeSpan.FromMinutes(random.Next(-120, 120));
    }

    private void AskToHalt() =>
        stage.Store.PutAsync(Stage.Run, new HaltRequest { By = "rita", Note = "stop" }, default);

    private void GoDown()
    {
        witness.Watched(up: false);
        At(60_000, () => witness.Watched(up: true));
    }

    private void Sometimes(int oneIn, string what, int within, Action happens)
    {
        if (random.Next(oneIn) > 0)
            return;
        IsRestless |= happens == Steal || happens == Intrude;
        At(
            random.Next(3) == 0 ? within * 20 : within,
            () =>
            {
                tally.Count($"happening: {what}");
                happens();
            }
        );
    }

    private void At(int within, Action happens, int after = 0) =>
        stage.Time.CreateTimer(
            _ => happens(),
            null,
            TimeSpan.FromMilliseconds(after + random.Next(1, within + 1)),
            Timeout.InfiniteTimeSpan
        );
}
