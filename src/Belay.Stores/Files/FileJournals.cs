using System.Runtime.CompilerServices;
using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>One append-only file a run.</summary>
internal sealed class FileJournals(StoreFolder store, TimeProvider clock) : IJournalStore
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task<IJournal> CreateAsync(string run, ILease lease, RunStarted first, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var path = store.Journal(run);
        if (!first.Run.Equals(run, StringComparison.Ordinal))
            throw new ArgumentException($"the first event starts the run {first.Run}, not {run}", nameof(first));
        MustBeOf(first, lease);
        if (!lease.StillHeld)
            throw Faults.Stale(lease);

        store.Make(store.Run(run));
        var (entry, line) = JournalLine.Write(1, clock.GetUtcNow(), lease.Fence, JournalLine.Genesis, first);
        if (line.Length > LineReader.GreatestLine)
            throw Faults.TooLong(run, line.Length);
        // The name is given to the finished file: a run is there with its first event, or it is not there.
        if (!DurableFile.TryCreate(path, [.. line, (byte)'\n']))
            throw Faults.Exists(run, path);
        var file = DurableFile.Open(path, FileMode.Open, FileAccess.ReadWrite);
        var end = new JournalEnd([entry], 1, entry.Hash, lease.Fence, line.Length + 1, Torn: 0);
        return Journal(run, end, path, file, lease);
    }

    public async Task<IJournal> OpenAsync(string run, ILease lease, CancellationToken ct)
    {
        var path = store.Journal(run);
        var file = Open(run, path, FileAccess.ReadWrite);
        try
        {
            await JournalOpening.LockAsync(path, file, clock, ct);
            var end = JournalOpening.Prove(run, path, file, ct);
            MustBeOf((RunStarted)end.History[0].Event, lease);
            if (!lease.StillHeld)
                throw Faults.Stale(lease);
            if (end.Fence > lease.Fence)
                throw Faults.FenceWentBack(path, end.Fence, lease);
            JournalOpening.CutAndFlush(path, file, end);
            OwnedLock.Release(file);
            return Journal(run, end, path, file, lease);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Task<RunBeginning> BeginningAsync(string run, CancellationToken ct)
    {
        var path = store.Journal(run);
        using var file = Open(run, path, FileAccess.Read);
        return Task.FromResult(FirstLine.Beginning(path, file));
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = store.Journal(run);
        using var file = Open(run, path, FileAccess.Read);
        var chain = new ChainReader(run, path, file);
        while (chain.Next() is { } entry)
        {
            ct.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    public async IAsyncEnumerable<JournalEntry> FollowAsync(string run, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = store.Journal(run);
        using var file = Open(run, path, FileAccess.Read);
        var chain = new ChainReader(run, path, file);
        while (!ct.IsCancellationRequested)
        {
            while (chain.Next() is { } entry)
            {
                yield return entry;
                if (ct.IsCancellationRequested)
                    yield break;
            }
            await Task.Delay(Poll, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            chain.LookAgain();
        }
    }

    public Task<IReadOnlyList<RunName>> ListAsync(string? environment, CancellationToken ct)
    {
        var runs = new List<RunName>();
        if (Directory.Exists(store.Runs))
        {
            foreach (var folder in Directory.EnumerateDirectories(store.Runs))
            {
                ct.ThrowIfCancellationRequested();
                var run = Path.GetFileName(folder);
                if (
                    FirstLine.Read(run, store.Journal(run)) is { } name
                    && (environment ?? name.Environment) == name.Environment
                )
                    runs.Add(name);
            }
        }
        runs.Sort(LatestFirst);
        return Task.FromResult<IReadOnlyList<RunName>>(runs);
    }

    private static int LatestFirst(RunName a, RunName b) =>
        b.StartedAt.CompareTo(a.StartedAt) is var order and not 0 ? order : string.CompareOrdinal(b.Run, a.Run);

    private FileJournal Journal(string run, JournalEnd end, string path, SafeFileHandle file, ILease lease) =>
        new(run, end, new JournalFile(path, file, end.Position, lease), lease, clock);

    private static SafeFileHandle Open(string run, string path, FileAccess access)
    {
        try
        {
            return DurableFile.Open(path, FileMode.Open, access);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Faults.Missing(run, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw access == FileAccess.Read ? Faults.Unreadable(path, e) : Faults.Unwritable(path, e);
        }
    }

    private static void MustBeOf(RunStarted first, ILease lease)
    {
        if (!first.Plan.Environment.Equals(lease.Environment, StringComparison.Ordinal))
            throw new ArgumentException(
                $"the run {first.Run} is of the environment {first.Plan.Environment}; the lease is on {lease.Environment}",
                nameof(lease)
            );
    }
}
