using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Engine.Running;

/// <summary>Retries of transient failures within a step's limit, and the bound of every question that is asked of a target.</summary>
internal sealed class Attempts(RunContext run, Course course, TimeSpan limit)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>What is left of a limit may be too little to find out how the work ended: a question always has this long.</summary>
    private static readonly TimeSpan LeastAnswer = TimeSpan.FromSeconds(30);

    private readonly long began = run.Clock.GetTimestamp();
    private TimeSpan pause = First;

    /// <summary>What is left of the limit; zero when it has passed.</summary>
    public TimeSpan Left =>
        limit - run.Clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Waits a little longer each time.</summary>
    /// <returns>False when the limit has passed.</returns>
    public async Task<bool> PauseAsync(CancellationToken ct)
    {
        if (Left <= pause)
            return false;
        await Task.Delay(pause, run.Clock, ct);
        pause = pause * 2 < Longest ? pause * 2 : Longest;
        return true;
    }

    /// <summary>Asks until it is answered or fails for good. A question that hangs is ended, also when its target does not listen.</summary>
    /// <exception cref="OperationException">How it failed; outcome unknown when there was no answer.</exception>
    public async Task<T> UntilAnsweredAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        await using var grace = new GracePeriod(run, course);
        while (true)
        {
            var most = Left > LeastAnswer ? Left : LeastAnswer;
            using var late = new CancellationTokenSource(most, run.Clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, grace.Over);
            try
            {
                return await ask(end.Token).AsTask().WaitAsync(end.Token);
            }
            catch (OperationCanceledException e) when (end.IsCancellationRequested)
            {
                throw OperationException.OutcomeUnknown(
                    late.IsCancellationRequested
                        ? $"it could not be observed within {Duration.Format(most)}"
                        : "it could not be observed before the run had to halt",
                    e
                );
            }
            catch (OperationException e) when (e.Kind == FailureKind.Transient)
            {
                if (!await PauseAsync(course.Stopping))
                    throw;
            }
        }
    }
}
