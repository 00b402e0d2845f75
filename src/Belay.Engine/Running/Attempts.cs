using Belay.Domain.Contract;

namespace Belay.Engine.Running;

/// <summary>Retries of transient failures within a step's limit.</summary>
internal sealed class Attempts(TimeProvider clock, TimeSpan limit)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly long began = clock.GetTimestamp();
    private TimeSpan pause = First;

    /// <summary>What is left of the limit; zero when it has passed.</summary>
    public TimeSpan Left =>
        limit - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Waits a little longer each time.</summary>
    /// <returns>False when the limit has passed.</returns>
    public async Task<bool> PauseAsync(CancellationToken ct)
    {
        if (Left <= pause)
            return false;
        await Task.Delay(pause, clock, ct);
        pause = pause * 2 < Longest ? pause * 2 : Longest;
        return true;
    }

    /// <summary>Asks until it works or fails for good.</summary>
    public async Task<T> UntilAnsweredAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await ask(ct);
            }
            catch (OperationException e) when (e.Kind == FailureKind.Transient)
            {
                if (!await PauseAsync(ct))
                    throw;
            }
        }
    }
}
