using System.Collections.Immutable;
using Belay.Domain.Journal;

namespace Belay.Views.Timelines;

/// <summary>A time from which nothing of a run was at work until somebody let it go on.</summary>
/// <param name="At">When it stopped, UTC.</param>
/// <param name="Sequence">The last event before it went on.</param>
/// <param name="Stop">The event that stopped it; null when its engine died without a word.</param>
/// <param name="GoOn">What made it go on, or closed it; null when nothing did yet.</param>
internal sealed record Cut(DateTimeOffset At, long Sequence, RunHalted? Stop, JournalEntry? GoOn)
{
    /// <summary>All of a journal, in order.</summary>
    public static ImmutableArray<Cut> Find(IReadOnlyList<JournalEntry> entries)
    {
        var cuts = ImmutableArray.CreateBuilder<Cut>();
        JournalEntry? halt = null;
        JournalEntry? last = null;
        var parked = false;
        foreach (var entry in entries)
        {
            switch (entry.Event)
            {
                case RunHalted:
                    halt = entry;
                    break;
                case RunResumed or RollbackStarted or RunAbandoned when halt is not null:
                    cuts.Add(new Cut(halt.At, halt.Sequence, (RunHalted)halt.Event, entry));
                    halt = null;
                    break;
                // A run that only waits has nothing at work: whoever takes it back or ends it interrupts nothing.
                case RollbackStarted or RunAbandoned when parked:
                    break;
                case RunResumed or RollbackStarted or RunAbandoned when last is not null:
                    cuts.Add(new Cut(last.At, last.Sequence, null, entry));
                    break;
            }
            parked =
                entry.Event is RunParked
                || (parked && entry.Event is not (RunWoken or RunResumed or RollbackStarted or RunAbandoned));
            last = entry;
        }
        if (halt is not null)
            cuts.Add(new Cut(halt.At, halt.Sequence, (RunHalted)halt.Event, null));
        return cuts.ToImmutable();
    }
}
