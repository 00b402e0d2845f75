using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Folds journals that others may be writing.</summary>
internal static class JournalReadings
{
    /// <summary>What the journal of a run says now.</summary>
    /// <exception cref="OrderRefusedException">It is empty.</exception>
    /// <exception cref="JournalException">There is no such run, or its journal is damaged.</exception>
    public static async Task<RunReading> ReadingAsync(this IJournalStore journals, string run, CancellationToken ct)
    {
        var reading = new RunReading();
        await foreach (var entry in journals.ReadAsync(run, ct))
            reading.Apply(entry);
        return reading.Start is null
            ? throw new OrderRefusedException($"the journal of run '{run}' is empty")
            : reading;
    }
}
