using Belay.Domain.Environments;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>The one way into the journal: cleans, appends, and folds each event into the reading that the engine itself works from.</summary>
internal sealed class Recorder(IJournal journal, RunReading reading, ILiveEnvironment environment, TimeProvider clock)
{
    /// <summary>A clock may be corrected by a little at any time; only a jump is worth an event.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    public RunReading Reading => reading;

    /// <summary>Puts an event at the end; readers see it soon, a later commit makes it durable.</summary>
    public void Note(JournalEvent happened)
    {
        var clean = EventRedaction.Clean(happened, environment.Revealed);
        lock (gate)
        {
            if (clock.GetUtcNow() < reading.LastAt - Jump)
                reading.Apply(journal.Append(new ClockSetBack(reading.LastAt)));
            reading.Apply(journal.Append(clean));
        }
    }

    /// <summary>Puts an event at the end and makes it durable, with all before it.</summary>
    public Task RecordAsync(JournalEvent happened)
    {
        Note(happened);
        return journal.CommitAsync();
    }

    /// <summary>Makes durable what was noted.</summary>
    public Task CommitAsync() => journal.CommitAsync();

    /// <summary>What the journal says of a step; null when it says nothing yet.</summary>
    public StepReading? Find(string step)
    {
        lock (gate)
            return reading.Find(step);
    }

    /// <summary>Reads something off the reading while no event comes in.</summary>
    public T Read<T>(Func<RunReading, T> what)
    {
        lock (gate)
            return what(reading);
    }
}
