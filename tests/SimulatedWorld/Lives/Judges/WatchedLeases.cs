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
            : holder.StartsWith("boris ", StringComparison.Ordinal) ? new Order.Resume(null, "boris", Wait: true)
            : witness.Coming;
        var attempt = await inner.TryTakeAsync(environment, holder, run, ct);
        return attempt is LeaseAttempt.Taken taken
            ? new LeaseAttempt.Taken(new Lease(taken.Lease, witness, witness.Begin(order, taken.Lease.Fence)))
            : attempt;
    }

    public Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct) =>
        inner.HolderAsync(environment, ct);

    public Task<IStay?> TryStayAsync(string run, string who, CancellationToken ct) => inner.TryStayAsync(run, who, ct);

    public Task<LeaseHolder?> StayingAsync(string run, CancellationToken ct) => inner.StayingAsync(run, ct);

    private sealed class Lease(ILease inner, Witness witness, Session? session) : ILease
    {
        public string Environment => inner.Environment;

        public long Fence => inner.Fence;

        public bool StillHeld => inner.StillHeld;

        public async ValueTask DisposeAsync()
        {
            witness.End(session);
            await inner.DisposeAsync();
        }
    }
}
