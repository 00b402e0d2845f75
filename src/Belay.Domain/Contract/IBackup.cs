namespace Belay.Domain.Contract;

/// <summary>A change that saves a store and also knows how to bring it back.</summary>
/// <remarks>Restoring is asked for by a rollback through a change whose reversal is <see cref="Reversal.Restore"/>, after a person accepted the loss.</remarks>
/// <typeparam name="TState">The state of the backup; its after-state says where the backup lies and, in a member <c>taken-at</c>, which moment (UTC) it holds.</typeparam>
public interface IBackup<TState> : IChange<TState>
    where TState : class
{
    /// <summary>Counts what was written to the store since the backup, as well as the store can tell.</summary>
    ValueTask<Loss> CountLossAsync(TState after, CancellationToken ct);

    /// <summary>Brings the store back to what the backup holds; removes what was created since. Safe to repeat.</summary>
    IAsyncEnumerable<Progress> RestoreAsync(TState after, CancellationToken ct);

    /// <summary>Compares the live store with the backup.</summary>
    ValueTask<Verdict> VerifyRestoredAsync(TState after, CancellationToken ct);
}
