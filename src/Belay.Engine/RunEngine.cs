using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Identities;
using Belay.Engine.Parking;
using Belay.Engine.Ports;
using Belay.Engine.Resuming;
using Belay.Engine.Rollback;
using Belay.Engine.Running;

namespace Belay.Engine;

/// <summary>The durable state machine: carries plans out, resumes them after a halt or a crash, takes them back.</summary>
public sealed class RunEngine(EngineParts parts)
{
    /// <summary>A parked run takes the lease for a moment now and then: nobody is turned away over that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Runs a plan to its end, or to a halt.</summary>
    /// <param name="order">What to run.</param>
    /// <param name="halt">Asks for a halt at the next safe point (Ctrl-C).</param>
    /// <exception cref="OrderRefusedException">Another run of the environment is under way or not closed.</exception>
    public async Task<RunOutcome> StartAsync(StartOrder order, CancellationToken halt) =>
        await ToItsEndAsync(await BeginAsync(order, halt), order.WaitForPeople, halt);

    /// <summary>Goes on with a run that was halted or whose engine died; in the direction in which it went.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> ResumeAsync(ResumeOrder order, CancellationToken halt) =>
        await ToItsEndAsync(await GoOnAsync(order, halt), order.WaitForPeople, halt);

    /// <summary>A run that parks gives the lease back, and goes on with another one.</summary>
    private async Task<RunOutcome> ToItsEndAsync(SessionEnd end, bool waitForPeople, CancellationToken halt)
    {
        while (true)
        {
            switch (end)
            {
                case SessionEnd.Over over:
                    return over.Outcome;
                case SessionEnd.Parked at:
                    using (var parked = new ParkedRun(parts, at))
                        end = await parked.UntilItWakesAsync(waitForPeople, halt);
                    break;
            }
        }
    }

    private async Task<SessionEnd> BeginAsync(StartOrder order, CancellationToken halt)
    {
        await using var lease = await TakeLeaseAsync(order.Plan.Environment, order.Run, order.By, halt);
        var neighbours = new Neighbours(parts);
        var parked = await neighbours.ParkedAsync(order.Plan.Environment, halt);
        var identity = await new IdentityGuard(parts).AdmitAsync(halt);
        await neighbours.RefuseInCommonAsync(order, parked, halt);
        var first = new RunStarted
        {
            Run = order.Run,
            Plan = order.Plan,
            PlanHash = PlanJson.Hash(order.Plan),
            PlanFile = order.PlanFile,
            Inputs = order.Inputs.IsEmpty ? null : order.Inputs,
            Accepted = order.Accepted.IsEmpty ? null : order.Accepted,
            By = order.By,
            Host = parts.Host,
            Version = parts.Version,
            Identity = identity,
            Beside = parked.IsEmpty ? null : [.. parked.Select(reading => reading.Run)],
        };
        await using var journal = await parts.Journals.CreateAsync(order.Run, lease, first, halt);
        using var session = new RunSession(parts, journal, lease);
        return await session.ForwardAsync(order.WaitForPeople, halt);
    }

    private async Task<SessionEnd> GoOnAsync(ResumeOrder order, CancellationToken halt)
    {
        await using var lease = await LeaseOfAsync(order.Run, order.By, halt);
        await using var journal = await parts.Journals.OpenAsync(order.Run, lease, halt);
        using var session = new RunSession(parts, journal, lease);
        RefuseClosed(session.Reading);
        await RefuseParkedAsync(session.Reading, halt);
        var identity = await new IdentityGuard(parts).AdmitAsync(halt);

        var (hash, mend) = (session.Reading.PlanHash, (Mend?)null);
        var ground = await order.GroundFor(session.Reading);
        if (ground.Plan is { } plan && PlanJson.Hash(plan) is var now && now != hash)
        {
            (hash, mend) = (now, Mend.Between(session.Reading.Plan!, plan));
            await new Neighbours(parts).RefuseInCommonAsync(session.Reading, plan, halt);
        }
        await session.ResumedAsync(
            new RunResumed
            {
                By = order.By,
                Host = parts.Host,
                Version = parts.Version,
                Plan = mend is null ? null : ground.Plan,
                PlanHash = mend is null ? null : hash,
                Changes = mend?.Changes ?? [],
                Accepted = ground.Accepted.IsEmpty ? null : ground.Accepted,
                Identity = identity,
            },
            mend
        );
        return session.Reading.Rollback is { } rollback
            ? new SessionEnd.Over(
                await session.BackwardAsync(
                    new()
                    {
                        Run = order.Run,
                        By = order.By,
                        To = rollback.To,
                        AcceptLoss = rollback.AcceptedLoss,
                        AcceptCombination = rollback.AcceptedCombination,
                        LossAtMost = rollback.LossAtMost ?? ImmutableSortedDictionary<string, long>.Empty,
                    },
                    halt
                )
            )
            : await session.ForwardAsync(order.WaitForPeople, halt);
    }

    /// <summary>Takes a run back as far as asked, each undo verified.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> RollbackAsync(RollbackOrder order, CancellationToken halt)
    {
        await using var lease = await LeaseOfAsync(order.Run, order.By, halt);
        await using var journal = await parts.Journals.OpenAsync(order.Run, lease, halt);
        using var session = new RunSession(parts, journal, lease);
        RefuseClosed(session.Reading);
        if (order.To is { } to && session.Reading.Find(to) is null)
            throw new OrderRefusedException($"the run has not begun a step '{to}': see belay status");
        session.RefuseUnsigned(order.Word);
        await new IdentityGuard(parts).AdmitAsync(halt);
        return await session.BackwardAsync(order, halt);
    }

    /// <summary>Ends a halted run as it stands.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> AbandonAsync(string run, RunAbandoned said, CancellationToken ct)
    {
        await using var lease = await LeaseOfAsync(run, said.By, ct);
        await using var journal = await parts.Journals.OpenAsync(run, lease, ct);
        using var session = new RunSession(parts, journal, lease);
        RefuseClosed(session.Reading);
        session.RefuseUnsigned(said);
        return await session.AbandonAsync(said);
    }

    /// <summary>Ends every freeze that a dead engine left standing, and halts the run: what a watchdog does at a freeze's deadline.</summary>
    /// <returns>The run, untouched when no freeze stands.</returns>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> ThawAsync(string run, string by, CancellationToken ct)
    {
        await using var lease = await LeaseOfAsync(run, by, ct);
        await using var journal = await parts.Journals.OpenAsync(run, lease, ct);
        using var session = new RunSession(parts, journal, lease);
        return await session.ThawAsync();
    }

    /// <summary>Takes a person's word on an in-doubt step.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> ResolveAsync(string run, StepResolved said, CancellationToken ct)
    {
        await using var lease = await LeaseOfAsync(run, said.By, ct);
        await using var journal = await parts.Journals.OpenAsync(run, lease, ct);
        using var session = new RunSession(parts, journal, lease);
        RefuseClosed(session.Reading);
        if (session.Reading.Find(said.Step)?.State != StepState.InDoubt)
            throw new OrderRefusedException($"step '{said.Step}' is not in doubt: see belay status");
        session.RefuseUnsigned(said);
        await session.RecordAsync(said);
        return new RunOutcome(session.Reading);
    }

    // The whole journal is read, and proven, once the lease is held.
    private async Task<ILease> LeaseOfAsync(string run, string by, CancellationToken ct) =>
        await TakeLeaseAsync((await parts.Journals.BeginningAsync(run, ct)).Environment, run, by, ct);

    private async Task<ILease> TakeLeaseAsync(string environment, string run, string by, CancellationToken ct)
    {
        var began = parts.Clock.GetTimestamp();
        while (true)
        {
            var attempt = await parts.Leases.TryTakeAsync(environment, parts.NameOf(by), run, ct);
            if (attempt is LeaseAttempt.Taken taken)
                return taken.Lease;
            var holder = ((LeaseAttempt.Held)attempt).Holder;
            if (!await IsBriefAsync(holder, ct) || parts.Clock.GetElapsedTime(began) >= Patience)
                throw new OrderRefusedException(
                    $"environment '{environment}' is in use by {holder.Who} since {holder.Since:u}: watch it with belay follow, or ask it to stop with belay halt"
                );
            await Task.Delay(Patience / 20, parts.Clock, ct);
        }
    }

    /// <summary>Who stays with a parked run and holds the lease notes what it sampled, and gives the lease back at once.</summary>
    private async Task<bool> IsBriefAsync(LeaseHolder holder, CancellationToken ct) =>
        holder.Run is { } run && await parts.Leases.StayingAsync(run, ct) is not null;

    private async Task RefuseParkedAsync(RunReading reading, CancellationToken ct)
    {
        if (reading.Parked is not null && await parts.Leases.StayingAsync(reading.Run, ct) is { } other)
            throw new OrderRefusedException(
                $"run {reading.Run} is parked, and {other.Who} stays with it: watch it with belay follow, or halt it with belay halt before you resume it here"
            );
    }

    private static void RefuseClosed(RunReading reading)
    {
        if (reading.Status.IsClosed())
            throw new OrderRefusedException(
                $"run {reading.Run} is closed ({reading.Status}): there is nothing to go on with"
            );
    }
}
