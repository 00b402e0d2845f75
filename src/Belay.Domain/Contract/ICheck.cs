namespace Belay.Domain.Contract;

/// <summary>An operation that only reads a live system. Made for one step of one run.</summary>
/// <typeparam name="TState">What the check can see of its target: plain data, a sealed record.</typeparam>
public interface ICheck<TState>
    where TState : class
{
    /// <summary>Reads the target. A target that cannot be read throws an <see cref="OperationException"/>: no data is not a pass.</summary>
    ValueTask<TState> ObserveAsync(CancellationToken ct);

    /// <summary>Judges what was read. Pure.</summary>
    Verdict Judge(TState observed);
}
