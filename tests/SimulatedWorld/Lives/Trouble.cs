using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Engine.Ports;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>All that goes wrong in a life, each thing at a moment of its own.</summary>
internal sealed partial class Trouble(Stage stage, Random random, Tally tally, Witness witness)
{
    private static readonly Fault[] Faults =
    [
        Fault.Transient,
        Fault.Transient,
        Fault.Refused,
        Fault.Unknown,
        Fault.Unknown,
        Fault.Hang,
        Fault.Bug,
        Fault.Deaf,
        Fault.GivenUp,
        Fault.Misfit,
        Fault.Later,
        Fault.Idle,
    ];
    private readonly List<Task> others = [];
    private bool calm;
    private int deeds;
    private string? who = "the-right-one";
    private bool isMute;
    private bool hasSide;
    private ParkedTrouble? parkedTrouble;

    private static readonly AcceptedRisk Accepted = new()
    {
        Code = "simulated",
        Step = "anywhere",
        Risk = "something may go wrong",
        By = "rita",
        Reason = "it is simulated",
        Until = new DateOnly(2030, 1, 1),
    };

    /// <summary>People who take the run in hand beside the story's own person.</summary>
    public static IReadOnlyList<string> Others { get; } = ["boris", "bert"];

    /// <summary>The only step of the run that another engine wants to start.</summary>
    public const string OtherStep = "other";

    /// <summary>An order of the story's own person is being carried out.</summary>
    public bool Working
    {
        get;
        set
        {
            field = value;
            deeds++;
        }
    }

    /// <summary>What else still works on the run: an engine that took over.</summary>
    public IReadOnlyList<Task> UnderWay => others;

    /// <summary>Another engine may come to work on the run, or works on it.</summary>
    public bool IsRestless { get; private set; }

    /// <summary>Cells that a stranger altered.</summary>
    public HashSet<string> Strange { get; } = new(StringComparer.Ordinal);

    /// <summary>Prepares what will happen.</summary>
    public void Prepare(RandomPlans made, Plan plan)
    {
        // Some lives go well, most meet a few faults, and some meet nothing else.
        var density = random.Next(8) switch
        {
            0 => 1000,
            1 or 2 => 1,
            3 or 4 => 2,
            _ => 4,
        };
        foreach (var step in made.Steps.Where(_ => random.Next(density) == 0))
            Inject(step);
        foreach (var watch in plan.Watches.Where(_ => random.Next(density) == 0))
            stage.World.Inject("watch." + watch.Name, Moment.Observe, Faults[random.Next(Faults.Length)]);
        foreach (var item in plan.AllItems().OfType<DoItem>().Where(item => item.Impact is not null))
        {
            if (random.Next(2) == 0)
                stage.World.Work[item.Id] = TimeSpan.FromSeconds(8);
        }
        stage.World.IsSlow = random.Next(3) == 0;
        if (random.Next(3) == 0)
            stage.Accepted = [Accepted];
        if (made.Parks)
            stage.ParkAfter = TimeSpan.FromSeconds(10);
        stage.Children.Unkillable = random.Next(6) == 0 ? 1 : 0;
        stage.World.CannotCount = random.Next(8) == 0;
        stage.Systems.Secrets[RandomPlans.Secret] = "canary-of-an-environment";
        if (random.Next(3) == 0)
            Strangers();
        if (random.Next(4) == 0)
        {
            stage.Store.NoWatchdog = "simulated";
            At(60_000, () => stage.Store.NoWatchdog = null);
        }
        foreach (var (cell, _) in made.Initial.Where(known => known.Value == ToySet.Locked))
        {
            Strange.Add(cell);
            At(40_000, () => Unlock(cell));
        }
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
        foreach (var watch in plan.Watches)
            Sometimes(2, "a watch fails", 5000, () => GoDown(watch.Name));
    }

    /// <summary>A way to stop the run from its own terminal; now and then the person uses it.</summary>
    public CancellationTokenSource CtrlC()
    {
        if (random.Next(8) > 0)
            return new();
        tally.Count("happening: Ctrl-C");
        var isParked = stage.ParkAfter < TimeSpan.FromMinutes(1) && random.Next(2) == 0;
        return new(TimeSpan.FromMilliseconds(random.Next(1, isParked ? 100_000 : 3000)), stage.Time);
    }

    /// <summary>The journal's events give strangers their occasions.</summary>
    public void See(JournalEvent happened)
    {
        if (calm)
            return;
        if (
            happened is Intent { Step: var noticed }
            && witness.Reading.Plan!.AllItems().FirstOrDefault(item => item.Id == PlanOrder.Split(noticed).Id)?.Impact
                is { } impact
            && random.Next(2) == 0
        )
            GoDown(impact.Route);
        if (happened is RunParked)
        {
            IsRestless = true;
            (parkedTrouble ??= new ParkedTrouble(stage, random, tally, witness, this)).Come();
        }
        if (
            happened is StepDone { Step: var done }
            && witness.Reading.Find(done)?.Requested is { } shown
            && random.Next(3) == 0
        )
            Alter(shown);
        if (happened is StepDone { Step: var taken } && random.Next(25) == 0)
            TakeAway(taken);
        if (
            happened is StepDone { Step: var proof }
            && proof.StartsWith("proof", StringComparison.Ordinal)
            && random.Next(3) == 0
            && CellOf(proof) is { } idle
            && stage.World[idle] == "idle"
        )
        {
            tally.Count("happening: what was idle is used again");
            stage.World.Set(idle, random.Next(3) == 0 ? "broken" : "busy");
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Calm(Plan plan)
    {
        calm = true;
        stage.World.Heal();
        if (stage.Store.IsDead)
            witness.Bury();
        stage.Store.Revive();
        stage.Store.NoWatchdog = null;
        stage.World.CannotCount = false;
        who = "the-right-one";
        isMute = false;
        stage.World.Set(RandomPlans.Watched, "up");
        stage.World.Set(RandomPlans.AlsoWatched, "up");
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
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var moment = Where(step);
            var fault = Faults[random.Next(Faults.Length)];
            // A transient failure promises that nothing was done: an operation that lies about it is caught by its own suite.
            var kept =
                (fault == Fault.Transient && moment is Moment.AfterEffect or Moment.HalfWay)
                || (fault == Fault.Later && moment != Moment.BeforeEffect)
                || (fault == Fault.Idle && moment is not (Moment.BeforeEffect or Moment.Undo or Moment.Restore))
                    ? Fault.Unknown
                    : fault;
            for (var again = kept == Fault.Transient && random.Next(8) == 0 ? 70 : 1; again > 0; again--)
                stage.World.Inject(step, moment, kept);
        }
        if (step.EndsWith(".condition", StringComparison.Ordinal))
            witness.Stubborn.Add(step);
    }

    /// <summary>Where in its work something happens to a step.</summary>
    private Moment Where(string step) =>
        step.StartsWith("check", StringComparison.Ordinal) || step.StartsWith("proof", StringComparison.Ordinal)
            ? Moment.Observe
        : step.StartsWith("save", StringComparison.Ordinal) ? (Moment)random.Next(9)
        : (Moment)random.Next(6);

    /// <summary>The systems say which ones they are, and now and then it is another one that answers, or none.</summary>
    private void Strangers()
    {
        stage.Systems.Ids["world"] = () => isMute ? throw OperationException.Transient("simulated") : who;
        if (random.Next(2) == 0)
            stage.Systems.Ids[ParkedTrouble.Twin] = () => "the-right-one";
        stage.Systems.Ids["side"] = () => hasSide ? "the-side" : null;
        Sometimes(3, "another system answers", 5000, () => Answers("another-one"));
        Sometimes(5, "a system has no id any more", 5000, () => Answers(null));
        Sometimes(3, "a system cannot be read", 5000, FallSilent);
        Sometimes(2, "a system answers for the first time", 5000, () => hasSide = true);
    }

    private void FallSilent()
    {
        isMute = true;
        At(60_000, () => isMute = false);
    }

    private void Answers(string? id)
    {
        who = id;
        At(60_000, () => who = "the-right-one");
    }

    private void Unlock(string cell)
    {
        if (stage.World[cell] == ToySet.Locked)
            stage.World.Set(cell, null);
    }

    /// <summary>A stranger takes away what is done, for a while.</summary>
    private void TakeAway(string step)
    {
        if (stage.World[step] is not { } value || witness.Reading.Find(step)?.Intent?.Operation != "toy.set")
            return;
        tally.Count("happening: a stranger takes away what was done");
        Strange.Add(step);
        stage.World.Set(step, "strange");
        At(
            30_000,
            () =>
            {
                if (stage.World[step] == "strange")
                    stage.World.Set(step, value);
            }
        );
    }

    private void ComeTrue(CheckItem check)
    {
        var cell = check.With.GetProperty("cell").GetString()!;
        if (check.Operation == "toy.is" && random.Next(8) == 0 && !calm)
            stage.World.Set(cell, "broken");
        else if (check.Operation == "toy.is" && stage.World[cell] != "right")
            stage.World.Set(cell, "right");
        if (check.Operation == "toy.idle" && stage.World[cell] is "busy" or "broken")
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

    private void SetClock()
    {
        witness.ClockWasSet = true;
        stage.Time.Skew += TimeSpan.FromMinutes(random.Next(-120, 120));
    }

    /// <summary>Somebody asks for a halt.</summary>
    public void AskToHalt() =>
        stage.Store.PutAsync(
            Stage.Run,
            new HaltRequest { By = "rita", Note = random.Next(2) == 0 ? "stop" : null },
            default
        );

    /// <summary>What is watched does not hold for a while.</summary>
    public void GoDown(string watch)
    {
        stage.World.Set(watch, random.Next(3) == 0 ? "broken" : "down");
        At(random.Next(2) == 0 ? 4000 : 60_000, () => stage.World.Set(watch, "up"));
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

    /// <summary>Something happens at a moment of its own.</summary>
    public ITimer At(int within, Action happens, int after = 0) =>
        stage.Time.CreateTimer(
            _ => happens(),
            null,
            TimeSpan.FromMilliseconds(after + random.Next(1, within + 1)),
            Timeout.InfiniteTimeSpan
        );
}
