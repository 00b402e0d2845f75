using Belay.Domain.Journal;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>The journal of one run, open for writing.</summary>
internal sealed class FileJournal : IJournal
{
    private readonly Lock gate = new();
    private readonly ILease lease;
    private readonly TimeProvider clock;
    private readonly GroupCommit commits;
    private long sequence;
    private string hash;
    private bool closed;

    public FileJournal(string run, JournalEnd end, JournalFile file, ILease lease, TimeProvider clock)
    {
        Run = run;
        (History, Torn, sequence, hash) = (end.History, end.Torn, end.Sequence, end.Hash);
        this.lease = lease;
        this.clock = clock;
        commits = new GroupCommit(file, clock);
    }

    public string Run { get; }

    public IReadOnlyList<JournalEntry> History { get; }

    public long Torn { get; }

    public JournalEntry Append(JournalEvent happened)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            commits.ThrowIfFailed();
            if (!lease.StillHeld)
                throw Faults.Stale(lease);
            var (entry, line) = JournalLine.Write(sequence + 1, clock.GetUtcNow(), lease.Fence, hash, happened);
            if (line.Length > LineReader.GreatestLine)
                throw Faults.TooLong(Run, line.Length);
            commits.Add(line);
            (sequence, hash) = (entry.Sequence, entry.Hash);
            return entry;
        }
    }

    public Task CommitAsync() => commits.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
        }
        try
        {
            await commits.CommitAsync();
        }
        catch (JournalException)
        {
            // Whoever committed was told. What nobody committed was promised to nobody.
        }
        commits.Dispose();
    }
}
