namespace Belay.Domain.Contract;

/// <summary>An operation that alters a live system. Made for one step of one run.</summary>
/// <remarks>
/// One read function serves the preview, the skip when already done, the before-image that undo returns to,
/// the verification after apply and after undo, and the decision on a step that a crash left in doubt.
/// Failures are thrown as <see cref="OperationException"/>.
/// </remarks>
/// <typeparam name="TState">What the operation can see of its target: plain data, a sealed record.</typeparam>
public interface IChange<TState>
    where TState : class
{
    /// <summary>Reads the target. Never writes; safe at any time, before and after a crash.</summary>
    ValueTask<TState> ObserveAsync(CancellationToken ct);

    /// <summary>What is left to do from this state. Pure. Empty means done for this run.</summary>
    Difference Plan(TState observed);

    /// <summary>Whether two states are equal in all that this change is about; ignores serials and counters. Pure.</summary>
    bool Same(TState a, TState b);

    /// <summary>What doing the work again after a partial run means.</summary>
    Repeat Repeat { get; }

    /// <summary>Does the work. Yields progress while it lasts; a yielded checkpoint is offered again through <see cref="IScope.Checkpoint"/>.</summary>
    /// <param name="before">The journaled state before the first attempt.</param>
    /// <param name="ct">Asks for a stop at the next safe point.</param>
    IAsyncEnumerable<Progress> ApplyAsync(TState before, CancellationToken ct);

    /// <summary>
    /// Takes the change back to <paramref name="before"/>. Safe to repeat, also after a partial apply or a partial undo.
    /// Never called when the reversal is <see cref="Reversal.Never"/> or <see cref="Reversal.Restore"/>.
    /// </summary>
    /// <param name="before">The journaled state before the first attempt.</param>
    /// <param name="after">The journaled state after the work; null when the step never came so far.</param>
    /// <param name="ct">Asks for a stop at the next safe point.</param>
    IAsyncEnumerable<Progress> UndoAsync(TState before, TState? after, CancellationToken ct);
}
