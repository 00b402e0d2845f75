using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Parking;

/// <summary>A run while it is parked: its watches and its soak go on without the environment's lease, until it has reason to wake and the lease to do so.</summary>
internal sealed class ParkedRun(EngineParts parts, SessionEnd.Parked parked) : IDisposable
{
    /// <summary>How often it looks whether somebody took the run in hand, and whether the lease is free again.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How long the windows of its watches are: it may go on for weeks.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly RunContext run = parked.Run;
    private readonly Course root = Course.Root();
    private readonly ParkedJournal journal = new(parts, parked.Run);
    private PendingRequest? asked;

    /// <summary>Stays with the run until it wakes, and has it go on.</summary>
    public async Task<SessionEnd> UntilItWakesAsync(bool waitForPeople, CancellationToken halt)
    {
        await using var stay = parked.Spot.Stay;
        try
        {
            if (await KeepAsync(halt) is not LeaseAttempt.Taken { Lease: var lease })
                return await LeaveAsync(halt);
            return await WakeAsync(lease, stay, waitForPeople, halt) ?? await LeaveAsync(halt);
        }
        catch (JournalException e)
        {
            return new SessionEnd.Over(new RunOutcome(run.Recorder.Reading, e.Message));
        }
    }

    /// <returns>Null: somebody else took the run in hand, and the lease is given back.</returns>
    private async Task<SessionEnd?> WakeAsync(ILease held, IStay stay, bool waitForPeople, CancellationToken halt)
    {
        await using var lease = held;
        await using var opened = await journal.OpenAsync(lease);
        if (opened is null)
            return null;
        using var session = new RunSession(parts, opened, lease);
        // From here on the lease says who is at work on it; and the run may park again.
        await stay.DisposeAsync();
        var failure = asked is null ? root.Failure : null;
        return await session.WokenAsync(new Waking(Why, journal.Notebook.Take(), failure, asked), waitForPeople, halt);
    }

    public void Dispose() => root.Dispose();

    /// <summary>Watches and soaks until there is a reason to wake; then waits for the lease, and goes on watching.</summary>
    private async Task<LeaseAttempt?> KeepAsync(CancellationToken halt)
    {
        await using var told = halt.Register(() =>
            root.Fail(HaltCause.Asked, "asked to halt from the terminal that runs it")
        );
        var quiet = run with
        {
            Root = root,
            Impacts = new Impacts(parts.Clock),
            Recorder = new Recorder(journal.Notebook, run.Recorder.Reading, parts.Environment, parts.Clock),
        };
        using var end = new CancellationTokenSource();
        var (listening, following) = (ListenAsync(end.Token), FollowAsync(end.Token));
        try
        {
            await using var keeper = new WatchKeeper(quiet, stops: true, begins: false, Window);
            await keeper.StartAsync(root);
            using (var awake = new CancellationTokenSource())
            {
                var noting = NoteAsync(awake.Token);
                await new SoakRunner(quiet, keeper).SoakAsync(parked.Spot.Item, parked.Spot.Step, root);
                awake.Cancel();
                await noting;
            }
            return await TakeLeaseAsync(halt);
        }
        finally
        {
            end.Cancel();
            await Task.WhenAll(listening, following);
        }
    }

    /// <summary>Journals what is noted whenever the lease is free, and sees when somebody else takes the run in hand.</summary>
    private async Task NoteAsync(CancellationToken awake)
    {
        try
        {
            while (!awake.IsCancellationRequested)
            {
                await journal.LookAsync();
                if (journal.IsInOtherHands)
                    LetGo();
                await Quietly.DelayAsync(Tick, parts.Clock, awake);
            }
        }
        catch (JournalException e)
        {
            root.Fail(HaltCause.LeaseLost, e.Message);
        }
    }

    /// <summary>Reads the journal along: once it says that the run is not parked any more, somebody else has it.</summary>
    private async Task FollowAsync(CancellationToken end)
    {
        try
        {
            var reading = new RunReading();
            await foreach (var entry in parts.Journals.FollowAsync(run.Run, end))
            {
                reading.Apply(entry);
                if (entry.Sequence > journal.ParkedAt && reading.Parked is null)
                {
                    LetGo();
                    return;
                }
            }
        }
        catch (JournalException e)
        {
            root.Fail(HaltCause.LeaseLost, e.Message);
        }
    }

    private void LetGo()
    {
        journal.IsInOtherHands = true;
        root.Fail(HaltCause.Asked, "somebody else took the run in hand");
    }

    private async Task ListenAsync(CancellationToken end)
    {
        try
        {
            await foreach (var pending in parts.Requests.ReadAsync(run.Run, end))
            {
                // What else people may ask for waits in the store for the step that it is about.
                if (pending.Request is not HaltRequest)
                    continue;
                asked = pending;
                root.Fail(HaltCause.Asked, $"{pending.Request.By} asks for a halt");
                return;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It wakes; from now on the session takes requests in.
        }
        catch (Exception e)
        {
            // Without hearing them nobody could halt the run.
            root.Fail(HaltCause.LeaseLost, $"requests cannot be read: {e.Message}");
        }
    }

    /// <returns>The lease; null when somebody else took the run in hand, or the person at this terminal has waited long enough.</returns>
    private async Task<LeaseAttempt?> TakeLeaseAsync(CancellationToken halt)
    {
        var patience = parts.HaltGrace;
        while (!journal.IsInOtherHands && patience > TimeSpan.Zero)
        {
            var attempt = await journal.TakeLeaseAsync();
            if (attempt is not LeaseAttempt.Held { Holder: var holder })
                return attempt;
            var other = holder.Run is { } busy ? $" on run {busy}" : "";
            parked.Spot.Stay.Say($"{Why}; it waits for its environment, in which {holder.Who} is at work{other}");
            await Task.Delay(Tick, parts.Clock, CancellationToken.None);
            if (halt.IsCancellationRequested)
                patience -= Tick;
        }
        return null;
    }

    /// <summary>Goes without having journaled anything more: another process has the run, or it stays parked with nobody.</summary>
    private async Task<SessionEnd> LeaveAsync(CancellationToken halt)
    {
        await parked.Spot.Stay.DisposeAsync();
        // Whoever started the run sees how it ends, also where somebody else ends it.
        while (journal.IsInOtherHands && !halt.IsCancellationRequested && await HolderAsync() is not null)
            await Quietly.DelayAsync(Tick, parts.Clock, halt);
        var (reading, holder) = (
            await parts.Journals.ReadingAsync(run.Run, CancellationToken.None),
            await HolderAsync()
        );
        return new SessionEnd.Over(
            journal.IsInOtherHands
                ? new RunOutcome(reading) { Holder = holder }
                : new RunOutcome(
                    reading,
                    $"run {run.Run} stays parked, and nobody stays with it: to halt it needs its environment, in which another run is under way; belay resume goes on with its soak"
                )
        );
    }

    /// <summary>Who has the run in hand now; null: nobody.</summary>
    private async Task<LeaseHolder?> HolderAsync()
    {
        var stays = await parts.Leases.StayingAsync(run.Run, CancellationToken.None);
        var holder = await parts.Leases.HolderAsync(run.Plan.Environment, CancellationToken.None);
        return holder?.Run == run.Run ? holder : stays;
    }

    private string Why => root.Failure?.Why ?? $"the soak '{parked.Spot.Step}' is over";
}
