namespace Belay.Engine.Ports;

/// <summary>One run per environment: whoever holds the lease may write.</summary>
public interface ILeases
{
    /// <summary>Takes an environment's lease if nobody holds it. The fencing number grows with each taking, for ever, and is durable before this returns.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="holder">Who takes it, for people: <c>anna@host pid 4711</c>.</param>
    /// <param name="run">The run on which they go to work; null: on none.</param>
    /// <param name="ct">Cancels the attempt.</param>
    Task<LeaseAttempt> TryTakeAsync(string environment, string holder, string? run, CancellationToken ct);

    /// <summary>Who holds an environment's lease now; null: nobody.</summary>
    Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct);

    /// <summary>Stays with a run that is parked, if nobody else does. It ends with its process, however that ends; it allows nothing: who stays writes under the environment's lease as everybody does.</summary>
    /// <param name="run">The run.</param>
    /// <param name="who">Who stays, for people: <c>anna@host pid 4711</c>.</param>
    /// <param name="ct">Cancels the attempt.</param>
    /// <returns>Null: somebody else stays with it.</returns>
    /// <exception cref="JournalException">The place cannot be written.</exception>
    Task<IStay?> TryStayAsync(string run, string who, CancellationToken ct);

    /// <summary>Who stays with a parked run now; null: nobody.</summary>
    Task<LeaseHolder?> StayingAsync(string run, CancellationToken ct);
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
public sealed record LeaseHolder(string Who, DateTimeOffset Since)
{
    /// <summary>The run on which they are at work, or with which they stay; null: on none.</summary>
    public string? Run { get; init; }

    /// <summary>Of one who stays with a parked run: for what they wait besides its soak; null: for nothing.</summary>
    public string? Waits { get; init; }
}

/// <summary>Staying with a parked run. Disposing of it ends it.</summary>
public interface IStay : IAsyncDisposable
{
    /// <summary>Says for what the run waits besides its soak, for those who ask for its status. Not durable.</summary>
    void Say(string waits);
}

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
