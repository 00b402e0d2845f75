using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>What is done with a journal's file before anything is added to it.</summary>
internal static class JournalOpening
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes the file's lock; a holder that lost its lease has it for the length of one flush at most.</summary>
    public static async Task LockAsync(string path, SafeFileHandle file, TimeProvider clock, CancellationToken ct)
    {
        var since = clock.GetTimestamp();
        while (!OwnedLock.TryTake(file))
        {
            if (clock.GetElapsedTime(since) > Patience)
                throw Faults.Unwritable(path, new IOException("another process is writing to it and does not end"));
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>Reads the whole file and proves it.</summary>
    public static JournalEnd Prove(string run, string path, SafeFileHandle file, CancellationToken ct)
    {
        var chain = new ChainReader(run, path, file);
        var history = new JournalHistory(path);
        var position = chain.Position;
        while (chain.Next() is { } entry)
        {
            ct.ThrowIfCancellationRequested();
            history.Add(entry, position);
            position = chain.Position;
        }
        if (history.Count == 0)
            throw Faults.Damaged(path, "line 1: the line that starts the run is missing or torn");
        return new JournalEnd(history, chain.Sequence, chain.Hash, chain.Fence, chain.Position, chain.Torn);
    }

    /// <summary>Cuts a torn last line, and makes durable what an earlier process may have written without a flush.</summary>
    public static void CutAndFlush(string path, SafeFileHandle file, JournalEnd end)
    {
        try
        {
            if (end.Torn > 0)
                RandomAccess.SetLength(file, end.Position);
            JournalFile.Flush(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }
}
