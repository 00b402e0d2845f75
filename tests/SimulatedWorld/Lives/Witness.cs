using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Parking;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>Sees every effect on the world and every durable event as they happen, and holds the one against the other. It never asks the engine.</summary>
internal sealed partial class Witness
{
    private readonly Stage stage;
    private readonly Tally tally;
    private readonly Dictionary<string, long> since = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> deadlines = new(StringComparer.Ordinal);
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);
    private long overAt;
    private TaskCompletionSource nextFreeze = new();
    private RestoreIntent? restore;
    private long savedAt;

    public Witness(Stage stage, Tally tally)
    {
        (this.stage, this.tally) = (stage, tally);
        Identities = new Identities(stage.Systems);
        stage.World.OnEffect = OnEffect;
        stage.World.OnSet = OnSet;
        stage.World.OnMade = made =>
            Session is null && Parked is { } parked ? parked.Made(made, Plan) : Session?.Made(made);
        stage.Store.OnArmed = Arm;
        stage.Store.OnAppended = OnAppended;
        stage.Store.OnPut = (run, request) =>
        {
            if (run != Stage.Run)
                return;
            Session?.People.Put(request);
            Parked?.Put(request);
        };
        stage.Children.OnStarted = (child, step, command) => Session?.Children.Started(child, step, command);
        stage.Children.OnEnded = (child, byItself) => Session?.Children.Ended(child, byItself);
        stage.Leases = new WatchedLeases(stage.Store, this);
    }

    /// <summary>What the next engine that takes the lease is told to do.</summary>
    public Order Coming { get; set; } = new Order.Other();

    /// <summary>The engine that is at work; null: none is, or nothing can be said of it.</summary>
    public Session? Session { get; private set; }

    /// <summary>The parked run with which its engine stays; null: none is parked, or nobody stays.</summary>
    public ParkedDuty? Parked { get; private set; }

    /// <summary>Who stays with it, by the name under which they take the lease.</summary>
    public string? Staying { get; set; }

    /// <summary>Nobody stays with the parked run any more: it wakes, or was left.</summary>
    public void Unpark() => Parked = null;

    /// <summary>Which systems are known.</summary>
    public Identities Identities { get; }

    /// <summary>An engine that was thought dead may still be at work.</summary>
    public bool HasGhosts { get; set; }

    /// <summary>An engine took the lease.</summary>
    public Session? Begin(Order order, long fence) =>
        Session = order is Order.Other || HasGhosts ? null : new Session(stage, this, order, fence);

    /// <summary>It gives the lease back.</summary>
    public void End(Session? session)
    {
        session?.End();
        if (session is { IsMute: false, HasParked: true })
            Parked = new ParkedDuty(
                stage,
                session,
                session.ItemOf<SoakItem>(session.Reading.Parked!.Value.Parking.Step)!
            );
        if (Session == session)
            Session = null;
    }

    /// <summary>The process died: what its engine still does is of no account.</summary>
    public void Bury()
    {
        Session?.Kill();
        (Session, Parked) = (null, null);
    }

    private void OnAppended(string run, JournalEntry entry)
    {
        if (run != Stage.Run && entry.Event is RunStarted other)
            JudgePassing(other);
        if (run == Stage.Run && Session is { } session && session.Fence == entry.Fence)
            session.OnAppended(entry);
    }

    /// <summary>What was violated first; null: nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>The run as its durable events have it.</summary>
    public RunReading Reading { get; private set; } = new();

    /// <summary>The clock of the wall was set in this life: ages that a journal tells are not to be relied on.</summary>
    public bool ClockWasSet { get; set; }

    /// <summary>Steps about which somebody said what is not true; nothing can be said of their effects.</summary>
    public HashSet<string> Lied { get; } = new(StringComparer.Ordinal);

    /// <summary>Conditions whose end meets a fault: they may last longer.</summary>
    public HashSet<string> Stubborn { get; } = new(StringComparer.Ordinal);

    /// <summary>Somebody took the lease in this life: what was under way then may still come to its end.</summary>
    public bool LeaseWasStolen { get; set; }

    /// <summary>When a freeze that stands has to be over at the latest, by the clock that nobody can set; null: none stands.</summary>
    public (string Cell, long Deadline)? Frozen =>
        deadlines
            .Select(known => (Cell: CellOf(known.Key), Deadline: known.Value))
            .Where(known => stage.World[known.Cell] is not null)
            .OrderBy(known => known.Deadline)
            .Select(known => ((string, long)?)known)
            .FirstOrDefault();

    /// <summary>Whatever is frozen now may be thawed late.</summary>
    public void ExcuseFrozen() =>
        Stubborn.UnionWith(deadlines.Keys.Where(step => stage.World[CellOf(step)] is not null));

    /// <summary>Ends when the next freeze begins.</summary>
    public Task NextFreeze => nextFreeze.Task;

    private long Now => stage.Time.GetTimestamp();

    private Plan Plan => Reading.Plan!;

    public void Accuse(string what) => Violation ??= what;

    /// <summary>How often a step's work stands: applied, less undone.</summary>
    public int Net(string step) =>
        stage.World.Effects.Count(effect => effect == $"apply {step}")
        - stage.World.Effects.Count(effect => effect == $"undo {step}");

    /// <summary>The watchdog of a freeze: at the deadline it ends an engine that is overdue; the story lets it thaw then.</summary>
    private void Arm(string step, TimeSpan within)
    {
        deadlines[step] = Now + within.Ticks;
        if (Session is { IsMute: false } session)
            session.Forward?.Freezes.Armed(step, within);
        stage.Time.CreateTimer(_ => Bark(step), null, within, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Another run begins: only when this one is closed, or parked and touched by nothing of it.</summary>
    private void JudgePassing(RunStarted other)
    {
        if (LeaseWasStolen || stage.Store.IsDead)
            return;
        var isBeside = Reading.Start is not null && !Reading.Status.IsClosed();
        if (!(other.Beside ?? []).SequenceEqual(isBeside ? [Stage.Run] : []))
            Accuse($"{other.Run} begins beside [{string.Join(", ", other.Beside ?? [])}]");
        if (!isBeside)
            return;
        tally.Count("happening: another run passes");
        if (Reading.Parked is not { } parked)
            Accuse($"{other.Run} begins, and the run is {Reading.Status}");
        else if (!MayPass(other.Plan, parked.Parking.Reach))
            Accuse($"{other.Run} touches what the parked run touches, and begins");
    }

    /// <summary>Whether a plan of plain steps touches nothing of what a parked run touches, reading beside reading apart.</summary>
    public bool MayPass(Plan plan, Reach reach) =>
        reach.Untold is null
        && plan.AllItems()
            .Where(item => item is DoItem or CheckItem)
            .Select(item =>
                item is DoItem change
                    ? (change.Operation, change.With)
                    : (((CheckItem)item).Operation, ((CheckItem)item).With)
            )
            .SelectMany(step => Toys.Catalog.Find(step.Operation)!.TouchesOf(step.With))
            .All(touch =>
                !reach.Resources.Any(known =>
                    (known.Altered || touch.Kind != TouchKind.Read)
                    && known.Resource.Split(':', '/')[^1] == touch.Resource.Split(':', '/')[^1]
                )
            )
        && !plan.AllItems()
            .OfType<DoItem>()
            .Any(item =>
                item.With.TryGetProperty("connection", out var mine)
                && reach.Connections.Any(theirs => Identities.AreOne(mine.GetString()!, theirs))
            );

    private void Bark(string step)
    {
        if (stage.World[CellOf(step)] is null || deadlines[step] > Now)
            return;
        ended.Add(step);
        stage.Store.Die();
    }

    /// <summary>An order is over, and another one can be given. A dead engine is at its order until its last wait is over: a real one goes at once.</summary>
    public void Over() => overAt = Now;

    private void OnEffect(string name, string cell, string? from, string? to)
    {
        var words = name.Split(' ');
        var step = words[^1];
        if (PlanOrder.Split(step).Id == Trouble.OtherStep)
            return;
        var known = Reading.Find(step);
        switch (words[0])
        {
            case "apply" when known?.Intent is null || known.State is StepState.Done or StepState.Undone:
                Accuse($"{step} took effect, and no intent of it is durable");
                break;
            case "apply":
                Applied(step, known);
                break;
            case "undo" when known?.State != StepState.Undoing && !LeaseWasStolen:
                Accuse($"{step} was undone, and no intent to undo it is durable");
                break;
            case "restore" when restore?.Backup != step:
                Accuse($"{step} was restored, and no intent to restore it is durable");
                break;
        }
    }

    private void Applied(string step, StepReading known)
    {
        if (LeaseWasStolen)
            return;
        if (Reading.Rollback is not null)
            Accuse($"{step} was applied in a rollback");
        if (Reading.Status.IsClosed())
            Accuse($"{step} was applied after the run was closed");
        if (
            Plan.AllItems().OfType<DoItem>().FirstOrDefault(item => item.Id == PlanOrder.Split(step).Id) is not { } item
        )
            return;
        if (item.Restore is not null)
            Wrecked(item);
        if (
            item.Operation == "toy.end"
            && stage.World[CellOfInput(item)] == "busy"
            && Age(CellOfInput(item)) > TimeSpan.FromMilliseconds(50)
        )
            Accuse($"{step} ended what is in use");
        if (item.Operation == "toy.save")
            savedAt = Now;
        if (known.Intent!.Operation != item.Operation)
            Accuse($"{step} is journaled as {known.Intent.Operation}");
    }

    private void Wrecked(DoItem item)
    {
        var most = item.BackupAge ?? TimeSpan.FromHours(24);
        if (!ClockWasSet && TimeSpan.FromTicks(Now - savedAt) > most + TimeSpan.FromSeconds(1) + item.Limit)
            Accuse($"{item.Id} relies on a backup that is too old");
        if (savedAt == 0 && stage.World["store.saved"] is null)
            Accuse($"{item.Id} relies on a backup that is not there");
    }

    private static string CellOfInput(DoItem item) => item.With.GetProperty("cell").GetString()!;

    private TimeSpan Age(string cell) => TimeSpan.FromTicks(Now - since.GetValueOrDefault(cell));

    private static string CellOf(string condition) => condition.Replace(".condition", "-on", StringComparison.Ordinal);

    private void OnSet(string cell)
    {
        since[cell] = Now;
        if (!cell.EndsWith("-on", StringComparison.Ordinal) || IsHold(cell))
            return;
        var condition = cell.Replace("-on", ".condition", StringComparison.Ordinal);
        var deadline = deadlines.GetValueOrDefault(condition);
        if (ended.Contains(condition))
            deadline = Math.Max(deadline, overAt);
        if (stage.World[cell] is not null)
        {
            ended.Remove(condition);
            if (deadline <= Now)
                Accuse($"{cell} is frozen, and no watchdog is armed");
            var awaited = nextFreeze;
            nextFreeze = new();
            awaited.SetResult();
            return;
        }
        if (!Stubborn.Contains(condition) && Now > deadline + TimeSpan.FromSeconds(2).Ticks)
            Accuse($"{cell} was thawed {TimeSpan.FromTicks(Now - deadline)} after its deadline");
    }

    private bool IsHold(string cell) =>
        Reading
            .Plan?.AllItems()
            .OfType<DuringItem>()
            .Any(during => during.Id + "-on" == cell && during.Mode == DuringMode.Hold) == true;
}
