using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Identities;
using Belay.Engine.Parking;
using Belay.Engine.Ports;
using Belay.Engine.Resuming;
using Belay.Engine.Rollback;

namespace Belay.Engine.Running;

/// <summary>One engine at work on one run, with the lease in its hand.</summary>
internal sealed class RunSession : IDisposable
{
    private readonly EngineParts parts;
    private readonly RunContext run;

    public RunSession(EngineParts parts, IJournal journal, ILease lease)
    {
        this.parts = parts;
        Reading = RunReading.Of(journal.History);
        run = new RunContext
        {
            Parts = parts,
            Run = journal.Run,
            Lease = lease,
            Recorder = new Recorder(journal, Reading, parts.Environment, parts.Clock),
            Sealing = new Sealing(parts.Sealed, journal.Run, () => parts.Environment.Revealed),
            Root = Course.Root(),
            Impacts = new Impacts(parts.Clock),
            PlanFolder = Path.GetDirectoryName(Reading.Start!.PlanFile)!,
        };
    }

    public RunReading Reading { get; }

    /// <exception cref="OrderRefusedException">The word of a person does not count as it is signed.</exception>
    public void RefuseUnsigned(JournalEvent word)
    {
        if (Signatures.WhyNot(word, run) is { } why)
            throw new OrderRefusedException(why);
    }

    public Task RecordAsync(JournalEvent happened) => run.Recorder.RecordAsync(happened);

    /// <summary>Journals that the run goes on, and voids the approvals that a mend took the ground from.</summary>
    public async Task ResumedAsync(RunResumed resumed, Mend? mend)
    {
        run.Recorder.Note(resumed);
        foreach (var approval in Given(mend?.Voided ?? []))
            run.Recorder.Note(
                new ApprovalVoided { Step = approval, Why = "the plan was mended after it was approved" }
            );
        await run.Recorder.CommitAsync();
    }

    /// <summary>The approvals of these items that were given, those of a loop's members too.</summary>
    private string[] Given(ImmutableArray<string> items) =>
        run.Recorder.Read(reading =>
            reading
                .Steps.Values.Where(known => known.Approvals.Count > 0 && items.Contains(known.Id.Split('@')[0]))
                .Select(known => known.Id)
                .ToArray()
        );

    /// <summary>Settles what a crash left, starts the watches, walks the tree, and closes the run, or parks it.</summary>
    public Task<SessionEnd> ForwardAsync(bool waitForPeople, CancellationToken halt) =>
        ForwardAsync(waitForPeople, begins: true, halt);

    /// <summary>Journals what a parked run has noted, and goes on with it, or halts it when that is why it woke.</summary>
    public async Task<SessionEnd> WokenAsync(Waking waking, bool waitForPeople, CancellationToken halt)
    {
        foreach (var happened in waking.Noted)
            run.Recorder.Note(happened);
        await run.Recorder.RecordAsync(new RunWoken(waking.Why));
        if (waking.Asked is { } pending)
            await PeopleDesk.HaltAsync(run, pending);
        else if (waking.Failure is { } failure)
            run.Root.Fail(failure.Cause, failure.Why, failure.Step);
        else if (await WhyStrangerAsync() is { } stranger)
            run.Root.Fail(HaltCause.OtherSystem, stranger);
        return run.Root.Failure is null
            ? await ForwardAsync(waitForPeople, begins: false, halt)
            : new SessionEnd.Over(await CloseAsync(end: null));
    }

    private async Task<SessionEnd> ForwardAsync(bool waitForPeople, bool begins, CancellationToken halt)
    {
        await using var asked = halt.Register(() =>
            run.Root.Fail(HaltCause.Asked, "asked to halt from the terminal that runs it")
        );
        bool done;
        await using (var keeper = new WatchKeeper(run, stops: true, begins))
        await using (var people = new PeopleDesk(run, waitForPeople))
        {
            people.Start();
            done =
                await StandsAsync()
                && await keeper.StartAsync(run.Root)
                && await new Walker(run, keeper, people).SequenceAsync(run.Plan.Steps, run.Root);
        }
        return run.Root.Parking is { } spot
            ? await ParkAsync(spot)
            // A halt that came while the last step ended is a halt: a run that is done cannot be taken back any more.
            : new SessionEnd.Over(await CloseAsync(done && run.Root.Failure is null ? new RunDone() : null));
    }

    private async Task<SessionEnd> ParkAsync(ParkingSpot spot)
    {
        var parks = false;
        try
        {
            // What came between outweighs it: a halt that was asked for, a watch that failed.
            if (run.Root.Failure is not null)
                return new SessionEnd.Over(await CloseAsync(end: null));
            await run.Recorder.RecordAsync(
                new RunParked
                {
                    Step = spot.Step,
                    Until = run.Clock.GetUtcNow() + spot.Left,
                    Reach = ReachReader.Of(run),
                }
            );
            parks = true;
            return new SessionEnd.Parked(run, spot);
        }
        catch (JournalException e)
        {
            return new SessionEnd.Over(new RunOutcome(Reading, e.Message));
        }
        finally
        {
            if (!parks)
                await spot.Stay.DisposeAsync();
        }
    }

    /// <summary>Days may have passed: a system may have become another one.</summary>
    private async Task<string?> WhyStrangerAsync()
    {
        try
        {
            await new IdentityGuard(parts).AdmitAsync(CancellationToken.None);
            return null;
        }
        catch (OrderRefusedException e)
        {
            return e.Message;
        }
    }

    /// <summary>Settles what a crash left, and takes the run back; watches only report.</summary>
    public async Task<RunOutcome> BackwardAsync(RollbackOrder order, CancellationToken halt)
    {
        await using var asked = halt.Register(() =>
            run.Root.Fail(HaltCause.Asked, "asked to halt from the terminal that runs it")
        );
        bool done;
        await using (var keeper = new WatchKeeper(run, stops: false))
        await using (var people = new PeopleDesk(run, wait: true))
        {
            people.Start();
            done = await SettledAsync();
            if (done)
            {
                await keeper.StartAsync(run.Root);
                done = await new RollbackRunner(run).RunAsync(order, run.Root);
            }
        }
        // Taken back only in part, the run is still open: a person goes on from here.
        return done && order.To is { } to
            ? await CloseAsync(
                new RunHalted
                {
                    Cause = HaltCause.Asked,
                    Why = $"taken back up to and including '{to}', as asked",
                    Step = to,
                }
            )
            : await CloseAsync(done ? new RunRolledBack() : null);
    }

    /// <summary>Ends freezes and holds, and closes the run as it stands.</summary>
    public async Task<RunOutcome> AbandonAsync(RunAbandoned said)
    {
        var ended = await SettledAsync() && await ConditionEnding.EndAllAsync(run, run.Root);
        return await CloseAsync(ended ? said : null);
    }

    /// <summary>Ends what is frozen, and halts the run.</summary>
    public async Task<RunOutcome> ThawAsync()
    {
        if (ConditionEnding.Frozen(run) is not [var frozen, ..])
            return new RunOutcome(Reading);
        if (await SettledAsync())
            run.Root.Fail(
                HaltCause.FreezeOverdue,
                $"the freeze '{frozen}' reached its deadline and no engine ended it: the watchdog did",
                frozen
            );
        return await CloseAsync(end: null);
    }

    public void Dispose() => run.Root.Dispose();

    /// <summary>What a dead engine left: its children are ended, then its freezes, before anything is observed.</summary>
    private async Task<bool> SettledAsync()
    {
        try
        {
            await ChildSettlement.SettleAsync(run, CancellationToken.None);
            return await ConditionEnding.ThawAsync(run, run.Root);
        }
        catch (OperationException e)
        {
            return run.Root.Fail(HaltCause.StepFailed, e.Message);
        }
        catch (JournalException e)
        {
            return run.Root.Fail(HaltCause.LeaseLost, e.Message);
        }
    }

    private async Task<bool> StandsAsync() => await SettledAsync() && await new Reobservation(run).RunAsync(run.Root);

    /// <summary>Journals how the order ended. What cannot be journaled any more is told to the caller.</summary>
    private async Task<RunOutcome> CloseAsync(JournalEvent? end)
    {
        var happened = end ?? Halted(run.Root.Failure!);
        try
        {
            await run.Recorder.RecordAsync(happened);
            if (Reading.Status.IsClosed())
                parts.Sealed.Remove(run.Run);
            return new RunOutcome(Reading);
        }
        catch (JournalException e)
        {
            return new RunOutcome(
                Reading,
                run.Root.Failure is { } failure && failure.Why != e.Message ? $"{failure.Why}; {e.Message}" : e.Message
            );
        }
    }

    private JournalEvent Halted(Stop why) =>
        NothingDone && why.Cause is (HaltCause.StepFailed or HaltCause.CheckFailed or HaltCause.WatchFailed)
            ? new RunFailed(why.Why) { Step = why.Step, Cause = why.Cause }
            : new RunHalted
            {
                Cause = why.Cause,
                Why = why.Why,
                Step = why.Step,
            };

    /// <summary>Nothing was changed and nothing is to be taken back: the run can simply be started again.</summary>
    private bool NothingDone =>
        run.Recorder.Read(reading => reading.Rollback is null && reading.Steps.Values.All(step => step.Intent is null));
}
