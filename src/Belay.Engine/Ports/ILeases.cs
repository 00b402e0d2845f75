namespace Belay.Engine.Ports;

/// <summary>One run per environment: whoever holds the lease may write.</summary>
public interface ILeases
{
    /// <summary>Takes an environment's lease if nobody holds it. The fencing number grows with each taking, for ever, and is durable before this returns.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="holder">Who takes it, for people: <c>anna@host pid 4711</c>.</param>
    /// <param name="ct">Cancels the attempt.</param>
    Task<LeaseAttempt> TryTakeAsync(string environment, string holder, CancellationToken ct);

    /// <summary>Who holds an environment's lease now; null: nobody.</summary>
    Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct);
}

/// <summary>How an attempt to take a lease ended.</summary>
public abstract record LeaseAttempt
{
    private LeaseAttempt() { }

    /// <summary>It is taken.</summary>
    public sealed record Taken(ILease Lease) : LeaseAttempt;

    /// <summary>Somebody else holds it.</summary>
    public sealed record Held(LeaseHolder Holder) : LeaseAttempt;
}

/// <summary>Who holds a lease.</summary>
/// <param name="Who">For people: <c>anna@host pid 4711</c>.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record LeaseHolder(string Who, DateTimeOffset Since);

/// <summary>A lease that is held. Disposing of it gives it back.</summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>The environment.</summary>
    string Environment { get; }

    /// <summary>The fencing number.</summary>
    long Fence { get; }

    /// <summary>Whether it is still held; asked before each effect. False can never become true again.</summary>
    bool StillHeld { get; }
}
