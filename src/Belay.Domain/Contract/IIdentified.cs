namespace Belay.Domain.Contract;

/// <summary>Settings of a connection whose system can say which one it is; a settings type that implements it takes part in the environment's identity.</summary>
public interface IIdentified
{
    /// <summary>Reads the id that the system gives itself: one that outlives restarts and a change of address, and that no other system has. Never a name; never a secret.</summary>
    /// <param name="clock">The clock, for limits.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>The id; null when systems of this kind, set up as this one is, have none.</returns>
    /// <exception cref="OperationException">It cannot be read now. The message says why, and what to do.</exception>
    ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct);
}
