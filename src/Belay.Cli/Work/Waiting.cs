using Belay.Domain.Readings;

namespace Belay.Cli.Work;

/// <summary>Waits for what an engine in another process journals.</summary>
internal static class Waiting
{
    /// <summary>The first reading of which something is true; or the last one there will be, because nobody is at work on the run any more.</summary>
    public static async Task<RunReading> UntilAsync(
        this Workplace place,
        string run,
        Func<RunReading, bool> isSo,
        CancellationToken ct
    )
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), place.Clock);
        while (true)
        {
            // Asked before the journal is read: what the engine wrote before it left is then in it.
            var holder = await place.Store.Leases.HolderAsync(
                (await place.Runs.ReadAsync(run, ct)).Plan!.Environment,
                ct
            );
            var reading = await place.Runs.ReadAsync(run, ct);
            if (isSo(reading) || holder is null)
                return reading;
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
