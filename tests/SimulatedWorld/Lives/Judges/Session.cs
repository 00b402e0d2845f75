using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>One engine at work on the run, as its judges see it: from the lease that it takes to the lease that it gives back.</summary>
internal sealed class Session
{
    private readonly Witness witness;
    private readonly List<JournalEntry> history = [];
    private readonly List<Talk> talks = [];
    private readonly Dictionary<string, string?> owed = new(StringComparer.Ordinal);
    private readonly CancellationTokenRegistration halting;
    private bool isDead;

    public Session(Stage stage, Witness witness, Order order, long fence)
    {
        (Stage, this.witness, Order, Fence) = (stage, witness, order, fence);
        history.AddRange(stage.Store.Journal(Stage.Run));
        Reading = RunReading.Of(history);
        Reasons = new Reasons(this);
        Watches = new Watches(this);
        People = new PeopleDuty(this);
        Mends = new MendDuty(this);
        Children = new ChildDuty(this);
        Begun = Now;
        halting = order.Halt.Register(() => _ = Reasons.All.Count());
        if (order is Order.Start or Order.Woken || (order is Order.Resume && Reading.Rollback is null))
            Forward = new Forward(this);
        else if (order is Order.Rollback or Order.Resume)
            Backward = new Backward(this);
    }

    public Order Order { get; }

    public long Fence { get; }

    public long Begun { get; }

    /// <summary>It parked in this session.</summary>
    public bool HasParked { get; private set; }

    /// <summary>The run is parked.</summary>
    public bool IsParked => Reading.Parked is not null;

    /// <summary>Something was journaled.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>The way forward; null: the run does not go forward.</summary>
    public Forward? Forward { get; }

    /// <summary>The way back; null: the run does not go back.</summary>
    public Backward? Backward { get; }

    public Identities Identities => witness.Identities;

    public Reasons Reasons { get; }

    public Watches Watches { get; }

    public PeopleDuty People { get; }

    public MendDuty Mends { get; }

    public ChildDuty Children { get; }

    /// <summary>The run as all its events have it, durable or not.</summary>
    public RunReading Reading { get; }

    /// <summary>All its events, durable or not.</summary>
    public IReadOnlyList<JournalEntry> History => history;

    /// <summary>The run as its durable events have it.</summary>
    public RunReading Durable => witness.Reading;

    public Plan Plan => Reading.Plan!;

    public long Now => Stage.Time.GetTimestamp();

    public DateTimeOffset Utc => Stage.Time.GetUtcNow();

    public Stage Stage { get; }

    /// <summary>How long what is under way may go on when the run stops.</summary>
    public TimeSpan Grace { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing can be said any more: the engine died, or two are at work.</summary>
    public bool IsMute => isDead || (isDead = Stage.Store.IsDead || witness.LeaseWasStolen);

    /// <summary>Done changes are looked at again.</summary>
    public bool IsReobserving => Forward is { Resumption.IsUnderWay: true };

    /// <summary>The process died.</summary>
    public void Kill() => isDead = true;

    public void Accuse(string what)
    {
        if (!IsMute)
            witness.Accuse(what);
    }

    public T? ItemOf<T>(string step)
        where T : Item => Plan.AllItems().OfType<T>().FirstOrDefault(item => item.Id == PlanOrder.Split(step).Id);

    /// <summary>The condition that ends first when a run is given up: freezes, then holds, the last begun first.</summary>
    public string? NextCondition()
    {
        var modes = Plan.AllItems()
            .Concat(Reading.Start!.Plan.AllItems())
            .OfType<DuringItem>()
            .DistinctBy(during => during.Condition.Id)
            .ToDictionary(during => during.Condition.Id, during => during.Mode);
        return Reading
            .Steps.Values.Where(step => step.HasEffect && modes.ContainsKey(PlanOrder.Split(step.Id).Id))
            .OrderBy(step => modes[PlanOrder.Split(step.Id).Id] == DuringMode.Freeze ? 0 : 1)
            .ThenByDescending(step => step.Order)
            .FirstOrDefault()
            ?.Id;
    }

    /// <summary>Whether all that stands before a step in the plan is done.</summary>
    public bool IsItsTurn(string step) =>
        Forward is not null
        && Reading.Find(step)?.State != StepState.Done
        && PlanOrder.WhyTooEarly(Plan, Reading, step) is null;

    public void Add(HaltCause cause, string? step, string? why, string suffix) =>
        Reasons.Add(new Reason(cause, step, why, Now, suffix));

    public bool MayStop(string suffix) => Reasons.MayStop(suffix, Now);

    public bool MustStop(string suffix) => Reasons.Stop(suffix, Now - 1);

    /// <summary>The run stopped at least this long ago, or a freeze is at its deadline.</summary>
    public bool HasStoppedFor(TimeSpan time, string suffix) =>
        Reasons.MayStop(suffix, Now - time.Ticks) || Forward?.Freezes.IsOver == true;

    /// <summary>A state as the operation handed it out, secrets and all.</summary>
    public JsonElement Unsealed(JsonElement state) =>
        Secrets.Unsealed(state, name => Stage.Store.Unseal(SimulatedWorld.Stage.Run, name));

    /// <summary>What is journaled holds no secret.</summary>
    public void Unsecret(string step, params ReadOnlySpan<JsonElement> journaled)
    {
        foreach (var state in journaled)
        {
            if (state.GetRawText().Contains("canary", StringComparison.Ordinal))
                Accuse($"{step}: a secret stands in the journal");
        }
    }

    /// <summary>An operation is made for a step.</summary>
    public ITranscript? Made(Made made)
    {
        if (IsMute)
            return null;
        Children.Looks();
        Talk? talk = made switch
        {
            { Step: var step } when step.StartsWith("watch.", StringComparison.Ordinal) => Watches.Talk(made),
            { Change: not null } => new ChangeTalk(this, made),
            { Check: not null } when ItemOf<CheckItem>(made.Step) is { } item => Reading.Find(made.Step)?.State
            == StepState.Done
                ? new ProofTalk(this, made, item)
                : new CheckTalk(this, made, item),
            _ => null,
        };
        if (talk is not null)
            talks.Add(talk);
        else
            Accuse($"{made.Operation} was made for {made.Step}, which is no step");
        return talk;
    }

    public void Closed(Talk talk)
    {
        talks.Remove(talk);
        Forward?.Impacts.End(talk.Step);
    }

    /// <summary>An event was put at the end of the journal.</summary>
    public void OnAppended(JournalEntry entry)
    {
        if (IsMute)
            return;
        JudgeClock(entry);
        HasWritten = true;
        if (IsParked && Order is Order.Woken woken)
        {
            woken.Parked.Before(this, entry.Event);
            Take(entry);
            if (entry.Event is RunWoken && Reasons.All.All(reason => reason.Cause == HaltCause.Asked))
                Identities.Woken(this);
            return;
        }
        var talk = entry.Event is StepEvent { Step: var step } ? talks.FindLast(known => known.Step == step) : null;
        if (entry.Event is RunStarted started)
            JudgeStart(started);
        if (entry.Event is not (Progressed or Soaked or WatchSampled))
            Forward?.Resumption.Written(entry.Event);
        Mends.Before(entry.Event);
        Children.Before(entry.Event);
        People.Before(entry.Event);
        if (talk is null && entry.Event is UndoFailed failed)
            JudgeUndoFailed(failed);
        Forward?.Before(entry.Event, talk is not null);
        Backward?.Before(entry.Event);
        Ends.Before(this, entry.Event);
        Take(entry);
        Watches.OnAppended(entry.Event);
        People.After(entry.Event);
        Forward?.After(entry.Event);
        Identities.After(this, entry.Event);
        if (entry.Event is IdentityCompared)
            Backward?.Way.Compared();
        if (entry.Event is RollbackStarted && Order is Order.Rollback)
            Identities.Learn();
        talk?.Wrote(entry.Event);
    }

    private void Take(JournalEntry entry)
    {
        Reading.Apply(entry);
        history.Add(entry);
        HasParked |= entry.Event is RunParked;
    }

    /// <summary>An undo has to fail, for its target could not be asked.</summary>
    public void Owe(string step, string? why) => owed[step] = why;

    private void JudgeUndoFailed(UndoFailed failed)
    {
        if (!owed.Remove(failed.Step, out var why))
        {
            if (Forward is not null)
                JudgeSetAside(failed);
            return;
        }
        if (why is not null && failed.Why != why)
            Accuse($"the undo of {failed.Step} failed over '{why}', and {failed} is journaled");
        Add(HaltCause.UndoFailed, failed.Step, failed.Why, "");
    }

    /// <summary>A member cannot be set aside whose work cannot be taken back exactly.</summary>
    private void JudgeSetAside(UndoFailed failed)
    {
        if (
            Reading.Find(failed.Step) is not { HasEffect: true, Intent.Reversal: not Reversal.Exact } known
            || !Reasons.Stop(PlanOrder.Split(known.Id).Suffix, Now)
            || !failed.Why.Contains(known.Intent.Reversal.ToString(), StringComparison.Ordinal)
        )
            Accuse($"nothing was asked of an operation, and there came {failed}");
        Add(HaltCause.UndoFailed, failed.Step, failed.Why, "");
    }

    /// <summary>The engine gives its lease back.</summary>
    public void End()
    {
        halting.Unregister();
        if (IsMute)
            return;
        foreach (var talk in talks)
            Accuse($"{talk.Step}: nobody let go of its operation");
        foreach (var step in owed.Keys)
            Accuse($"the undo of {step} failed, and that is not journaled");
        if (IsParked && !HasParked && Order is Order.Woken woken)
        {
            woken.Parked.Noted(this);
            return;
        }
        People.End();
        Children.End();
        Forward?.Inputs.End();
        Ends.After(this);
    }

    private void JudgeStart(RunStarted started)
    {
        if (
            Order is not Order.Start told
            || (started.Run, started.By, started.Host, started.Version)
                != (SimulatedWorld.Stage.Run, told.By, "simulation", "0.0.0")
            || started.PlanHash != PlanJson.Hash(told.Plan)
            || PlanJson.Hash(started.Plan) != started.PlanHash
            || started.Accepted is { IsEmpty: true }
            || !(started.Accepted ?? []).SequenceEqual(Stage.Accepted)
        )
            Accuse($"nobody asked for {started}");
    }

    private void JudgeClock(JournalEntry entry)
    {
        var isBack = Reading.Sequence > 0 && entry.At < Reading.LastAt - TimeSpan.FromSeconds(1);
        if (entry.Event is ClockSetBack back ? !isBack || back.Was != Reading.LastAt : isBack)
            Accuse(
                $"the clock went from {Reading.LastAt:O} to {entry.At:O}, and there came {entry.Event.GetType().Name}"
            );
    }
}
