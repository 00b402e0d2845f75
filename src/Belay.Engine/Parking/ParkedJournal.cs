using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Parking;

/// <summary>The journal of a parked run: what is noted meanwhile, and its way into the journal whenever the lease is free.</summary>
internal sealed class ParkedJournal
{
    /// <summary>How often what was noted is journaled: a crash costs at most so much of the soak, and the time for which somebody else holds the lease.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    private readonly EngineParts parts;
    private readonly RunContext run;
    private (long Sequence, string Hash) last;
    private long lookedAt;

    /// <param name="parts">The engine's parts.</param>
    /// <param name="run">The run, of which the reading holds all that is journaled.</param>
    public ParkedJournal(EngineParts parts, RunContext run)
    {
        (this.parts, this.run) = (parts, run);
        last = (run.Recorder.Reading.Sequence, run.Recorder.Reading.Hash);
        (ParkedAt, lookedAt) = (last.Sequence, parts.Clock.GetTimestamp());
        Notebook = new Notebook(run.Run, last.Sequence, parts.Clock);
    }

    /// <summary>What is noted and not journaled yet.</summary>
    public Notebook Notebook { get; }

    /// <summary>Whether somebody else took the run in hand since it parked.</summary>
    public bool IsInOtherHands { get; set; }

    /// <summary>The sequence number of the event with which it parked.</summary>
    public long ParkedAt { get; }

    private string Environment => run.Plan.Environment;

    /// <summary>Looks whether the run is in other hands, and journals from time to time what was noted.</summary>
    public async Task LookAsync()
    {
        if (await parts.Leases.HolderAsync(Environment, CancellationToken.None) is { } holder)
            IsInOtherHands |= holder.Run == run.Run;
        else if (parts.Clock.GetElapsedTime(lookedAt) >= Often)
            await NoteAsync();
    }

    /// <summary>Takes the environment's lease if nobody holds it.</summary>
    public async Task<LeaseAttempt> TakeLeaseAsync()
    {
        var attempt = await parts.Leases.TryTakeAsync(
            Environment,
            parts.NameOf(run.Recorder.Read(reading => reading.By)),
            run.Run,
            CancellationToken.None
        );
        IsInOtherHands |= attempt is LeaseAttempt.Held { Holder.Run: { } other } && other == run.Run;
        return attempt;
    }

    /// <summary>Opens the journal.</summary>
    /// <returns>Null: it holds more than this engine put there; somebody else took the run in hand.</returns>
    public async Task<IJournal?> OpenAsync(ILease lease)
    {
        var journal = await parts.Journals.OpenAsync(run.Run, lease, CancellationToken.None);
        if (journal.History is [.., var entry] && (entry.Sequence, entry.Hash) == last)
            return journal;
        await journal.DisposeAsync();
        IsInOtherHands = true;
        return null;
    }

    private async Task NoteAsync()
    {
        lookedAt = parts.Clock.GetTimestamp();
        if (await TakeLeaseAsync() is not LeaseAttempt.Taken { Lease: var lease })
            return;
        await using (lease)
        {
            await using var journal = await OpenAsync(lease);
            if (journal is null)
                return;
            var recorder = new Recorder(journal, RunReading.Of(journal.History), parts.Environment, parts.Clock);
            foreach (var happened in Notebook.Take())
                recorder.Note(happened);
            await recorder.CommitAsync();
            last = (recorder.Reading.Sequence, recorder.Reading.Hash);
        }
    }
}
