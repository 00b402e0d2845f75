using Belay.Domain.Journal;
using Belay.Engine.Ports;

namespace Belay.Engine.Parking;

/// <summary>What is noted while a run is parked, and stands in its journal only when the run has its environment again: a stand-in for the journal, in memory.</summary>
internal sealed class Notebook(string run, long sequence, TimeProvider clock) : IJournal
{
    private readonly Lock gate = new();
    private readonly List<JournalEvent> noted = [];
    private long sequence = sequence;
    private Soaked? soaked;

    public string Run => run;

    public IReadOnlyList<JournalEntry> History => [];

    public long Torn => 0;

    public JournalEntry Append(JournalEvent happened)
    {
        lock (gate)
        {
            switch (happened)
            {
                // Each says all that the ones before it said.
                case Soaked more:
                    soaked = more;
                    break;
                // The soak is journaled as begun already, and as done when the run goes on; that a clock was set is told by whoever journals.
                case StepStarted or StepDone or ClockSetBack:
                    break;
                case WatchSampled window:
                    noted.Add(window with { Until = clock.GetUtcNow() });
                    break;
                default:
                    noted.Add(happened);
                    break;
            }
            return new()
            {
                Sequence = ++sequence,
                At = clock.GetUtcNow(),
                Fence = 0,
                Event = happened,
                Previous = JournalLine.Genesis,
                Hash = JournalLine.Genesis,
            };
        }
    }

    /// <summary>Nothing of it is durable; whoever needs that waits for the journal.</summary>
    public Task CommitAsync() => Task.CompletedTask;

    /// <summary>Takes out what was noted since the last time.</summary>
    public IReadOnlyList<JournalEvent> Take()
    {
        lock (gate)
        {
            JournalEvent[] taken = [.. noted, .. new JournalEvent?[] { soaked }.OfType<JournalEvent>()];
            noted.Clear();
            soaked = null;
            return taken;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
