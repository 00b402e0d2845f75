using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>The end of a journal's file: where lines are added under a lease.</summary>
/// <remarks>
/// Whoever adds lines, or opens the journal to go on, holds the file's lock while it does, and looks at its lease under
/// that lock. So the lines of a holder that lost its lease come either before the next holder has read the file, or never.
/// </remarks>
internal sealed class JournalFile(string path, SafeFileHandle file, long end, ILease lease) : IDisposable
{
    private long end = end;

    /// <summary>Adds bytes and, when asked, makes all that was added durable.</summary>
    /// <exception cref="JournalException">The lease is stale, or the disk failed.</exception>
    public void Add(ReadOnlySpan<byte> bytes, bool flush)
    {
        try
        {
            OwnedLock.Take(file);
            try
            {
                if (!lease.StillHeld)
                    throw Faults.Stale(lease);
                if (RandomAccess.GetLength(file) != end)
                    throw Faults.Damaged(path, "it was changed while this run wrote to it. Nothing more is journaled");
                RandomAccess.Write(file, bytes, end);
                end += bytes.Length;
                if (flush)
                    Flush(file);
            }
            finally
            {
                OwnedLock.Release(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>Makes the file's data durable.</summary>
    public static void Flush(SafeFileHandle file) => DurableFile.Check(Libc.FlushData(file));
}
