using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Engine.Ports;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>A run while it is parked: its engine holds no lease, asks the watches, and journals what it has noted when the lease is free.</summary>
internal sealed class ParkedDuty
{
    /// <summary>What was noted is journaled that often.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    /// <summary>It looks once a second, and the soak is measured twenty times a second.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.2);

    private readonly Dictionary<string, ParkedWatch> watches = new(StringComparer.Ordinal);
    private readonly Stage stage;
    private readonly SoakItem item;
    private readonly (TimeSpan Time, int Samples) before;
    private readonly long began;
    private long notedAt;
    private long freeAt;
    private long? enoughAt;
    private long? askedAt;

    public ParkedDuty(Stage stage, Session session, SoakItem item)
    {
        (this.stage, this.item) = (stage, item);
        Order = session.Order is Order.Woken woken ? woken.Parked.Order : session.Order;
        var known = session.Reading.Find(item.Id + PlanOrder.Split(session.Reading.Parked!.Value.Parking.Step).Suffix)!;
        before = (known.SoakedTime, known.SoakedSamples);
        began = notedAt = freeAt = Now;
        Order.Halt.Register(() => askedAt ??= Now);
    }

    /// <summary>With what the run was started or resumed.</summary>
    public Order Order { get; }

    private long Now => stage.Time.GetTimestamp();

    private ParkedWatch[] Counted => [.. watches.Values.Where(watch => item.Watch is null || watch.Name == item.Watch)];

    /// <summary>A watch is asked while the run is parked.</summary>
    public ITranscript? Made(Made made, Plan plan) =>
        plan.Watches.FirstOrDefault(watch => "watch." + watch.Name == made.Step) is { } watch
            ? watches[watch.Name] = new ParkedWatch(stage.Time, watch, made, Judge)
            : null;

    /// <summary>Somebody puts a request down.</summary>
    public void Put(PendingRequest request)
    {
        if (request.Request is HaltRequest)
            askedAt ??= Now;
    }

    /// <summary>Another run gives the lease back.</summary>
    public void Busy() => freeAt = Now;

    /// <summary>An event of the run, while it is parked or when it wakes.</summary>
    public void Before(Session session, JournalEvent happened)
    {
        switch (happened)
        {
            case WatchSampled sampled when watches.TryGetValue(sampled.Watch, out var watch):
                watch.Noted(sampled, session);
                break;
            case WatchFailed failed when watches.TryGetValue(failed.Watch, out var watch) && watch.HasFailed:
                if (watch.Why is { } why && failed.Why != why)
                    session.Accuse($"{failed} is noted, and it failed over '{why}'");
                break;
            case Soaked soaked:
                Judge(session, soaked);
                break;
            case RunWoken woken:
                Judge(session, woken);
                break;
            case ClockSetBack:
                break;
            default:
                session.Accuse($"the run is parked, and there came {happened}");
                break;
        }
    }

    /// <summary>What was noted is journaled, and the lease given back; or somebody took the lease and was turned away.</summary>
    public void Noted(Session session)
    {
        if (Now - Math.Max(notedAt, began) >= Often.Ticks)
            notedAt = Now;
        else if (session.HasWritten)
            session.Accuse($"what the parked run noted was journaled after {TimeSpan.FromTicks(Now - notedAt)}");
    }

    private void Judge(Session session, Soaked soaked)
    {
        var (most, slack) = Measured();
        if (
            soaked.Time > before.Time + most.Time
            || soaked.Samples > before.Samples + most.Samples
            || soaked.Time < before.Time + most.Time - slack
        )
            session.Accuse($"{soaked} is noted, and the truth is {most} more than {before}");
    }

    private void Judge(Session session, RunWoken woken)
    {
        foreach (var watch in watches.Values)
            watch.End(session);
        var step = session.Reading.Parked!.Value.Parking.Step;
        var (most, slack) = Measured();
        var isEnough =
            (item.Time is not { } time || before.Time + most.Time >= time)
            && (item.Samples is not { } samples || before.Samples + most.Samples >= samples);
        var failed = watches.Values.FirstOrDefault(watch => watch.HasFailed);
        if (failed is not null)
            session.Reasons.Add(new Reason(HaltCause.WatchFailed, null, null, Now, ""));
        if (!isEnough && failed is null && !session.Order.Halt.IsCancellationRequested && !IsAskedToHalt())
            session.Accuse($"the run woke ('{woken.Why}'), and had no reason to");
        if (
            isEnough
            && session.Reading.Find(step) is { } known
            && item.Time is { } all
            && known.SoakedTime < all
            && failed is null
            && woken.Why.StartsWith("the soak", StringComparison.Ordinal)
        )
            session.Accuse($"the run woke, and the journal has only {known.SoakedTime} of its soak");
        var due = new[] { enoughAt, askedAt, failed?.FailedAt }.Where(at => at is not null).Min() ?? Now;
        if (item.Time is { } plain && watches.Count == 0)
            due = Math.Min(due, began + (plain - before.Time).Ticks);
        // The first answers are waited for.
        var late = (Late * 2) + watches.Values.Select(watch => watch.Limit).DefaultIfEmpty().Max();
        if (Now - Math.Max(due, freeAt) > late.Ticks)
            session.Accuse($"the run woke {TimeSpan.FromTicks(Now - Math.Max(due, freeAt))} after it could have");
        if (Now - Math.Max(notedAt, freeAt) > (Often + late).Ticks)
            session.Accuse($"what the parked run noted was not journaled for {TimeSpan.FromTicks(Now - notedAt)}");
    }

    private bool IsAskedToHalt() => stage.Store.Waiting(Stage.Run).Any(pending => pending.Request is HaltRequest);

    /// <summary>What was good since it parked, and by how much the last measure may fall short of it.</summary>
    private ((TimeSpan Time, int Samples) Most, TimeSpan Slack) Measured() =>
        Counted is [_, ..] counted
            ? (
                (counted.Min(watch => watch.Good.Time), counted.Min(watch => watch.Good.Samples)),
                Late + (3 * counted.Max(watch => watch.Every))
            )
            : ((TimeSpan.FromTicks(Now - began), 0), Late);

    private void Judge()
    {
        var (most, _) = Measured();
        if (
            (item.Time is not { } time || before.Time + most.Time >= time)
            && (item.Samples is not { } samples || before.Samples + most.Samples >= samples)
        )
            enoughAt ??= Now;
    }
}
