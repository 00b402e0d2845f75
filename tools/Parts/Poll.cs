using System.Diagnostics;

namespace Belay.Parts;

/// <summary>Waits for a condition instead of sleeping.</summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks every 10 ms until the condition holds; false when it did not within the limit.</summary>
    public static async Task<bool> UntilAsync(Func<ValueTask<bool>> condition, TimeSpan limit, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(Interval, TimeProvider.System, ct);
        }

        return true;
    }
}
