using Belay.Engine.Ports;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Leases that tell the witness when an engine begins to work and when it ends.</summary>
internal sealed class WatchedLeases(ILeases inner, Witness witness) : ILeases
{
    public async Task<LeaseAttempt> TryTakeAsync(string environment, string holder, string? run, CancellationToken ct)
    {
        // An engine may wait a little for the lease: by then another one may be told something.
        var order =
            run != Stage.Run ? new Order.Other()
            : witness.Parked is { } parked && holder == witness.Staying
                ? new Order.Woken(parked) { Halt = parked.Order.Halt }
            : Trouble.Others.FirstOrDefault(other => holder.StartsWith(other + " ", StringComparison.Ordinal))
                is { } who
                ? new Order.Resume(null, who, Wait: true)
            : witness.Coming;
        var attempt = await inner.TryTakeAsync(environment, holder, run, ct);
        if (attempt is not LeaseAttempt.Taken taken)
            return attempt;
        return new LeaseAttempt.Taken(new Lease(taken.Lease, witness, witness.Begin(order, taken.Lease.Fence)));
    }

    public Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct) =>
        inner.HolderAsync(environment, ct);

    public async Task<IStay?> TryStayAsync(string run, string who, CancellationToken ct)
    {
        var stay = await inner.TryStayAsync(run, who, ct);
        if (stay is null || run != Stage.Run)
            return stay;
        witness.Staying = who;
        return new Stay(stay, witness);
    }

    public Task<LeaseHolder?> StayingAsync(string run, CancellationToken ct) => inner.StayingAsync(run, ct);

    private sealed class Lease(ILease inner, Witness witness, Session? session) : ILease
    {
        public string Environment => inner.Environment;

        public long Fence => inner.Fence;

        public bool StillHeld => inner.StillHeld;

        public async ValueTask DisposeAsync()
        {
            witness.End(session);
            if (session?.Order is not Order.Woken)
                witness.Parked?.Busy();
            await inner.DisposeAsync();
        }
    }

    private sealed class Stay(IStay inner, Witness witness) : IStay
    {
        private bool isOver;

        public void Say(string waits) => inner.Say(waits);

        public ValueTask DisposeAsync()
        {
            // It may be let go of twice, and by then the run may be parked again.
            if (!isOver)
                witness.Unpark();
            isOver = true;
            return inner.DisposeAsync();
        }
    }
}
