using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Reads a journal's file from its beginning and proves that each line follows the one before it.</summary>
internal sealed class ChainReader(string? run, string path, SafeFileHandle file)
{
    private readonly LineReader lines = new(file, 0);

    /// <summary>The sequence number of the last line; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>The hash of the last line.</summary>
    public string Hash { get; private set; } = JournalLine.Genesis;

    /// <summary>The greatest fencing number so far, which is the last line's.</summary>
    public long Fence { get; private set; }

    /// <summary>Where the next line begins, bytes.</summary>
    public long Position => lines.Position;

    /// <summary>The next entry; null at the end, or before a torn last line.</summary>
    /// <exception cref="JournalException">Damaged; or it cannot be read.</exception>
    public JournalEntry? Next()
    {
        try
        {
            if (!lines.TryRead(out var line))
            {
                ProveRest();
                return null;
            }
            var entry = JournalLine.Read(line);
            Prove(entry);
            (Sequence, Hash, Fence) = (entry.Sequence, entry.Hash, entry.Fence);
            return entry;
        }
        catch (JournalDamageException e)
        {
            throw Damaged(e.Message, e);
        }
        catch (IOException e)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    /// <summary>How many bytes of a torn line stand at the end.</summary>
    public int Torn => lines.Rest.Length;

    /// <summary>Prepares for asking again for what came after the end.</summary>
    /// <exception cref="JournalException">Damaged: the file is shorter than what was read of it.</exception>
    public void LookAgain()
    {
        lines.Reread();
        if (RandomAccess.GetLength(file) < lines.Position)
            throw Faults.Damaged(path, $"it was cut while it was read, before the end of line {Sequence}");
    }

    private void Prove(JournalEntry entry)
    {
        var expected = Sequence + 1;
        if (entry.Sequence > expected)
            throw Damaged(
                $"it has sequence number {entry.Sequence}: {entry.Sequence - expected} lines are missing before it, or the lines are out of order"
            );
        if (entry.Sequence < expected)
            throw Damaged(
                $"it has sequence number {entry.Sequence}, which was before: the line was added, or the lines are out of order"
            );
        if (!entry.Previous.Equals(Hash, StringComparison.Ordinal))
            throw Damaged(
                "it does not follow the line before it: one of the two was replaced, or is of another run's journal"
            );
        if (expected == 1)
            ProveFirst(entry);
        else if (entry.Event is RunStarted)
            throw Damaged("it starts a run, and only the first line does");
        if (entry.Fence < Fence)
            throw Damaged($"it has fencing number {entry.Fence} after {Fence}: a holder whose lease was lost wrote it");
    }

    private void ProveFirst(JournalEntry entry)
    {
        if (entry.Event is not RunStarted started)
            throw Damaged("the first line does not start a run");
        // A copy may lie anywhere: then nothing says beforehand whose it is.
        if (run is not null && !started.Run.Equals(run, StringComparison.Ordinal))
            throw Damaged($"it is the journal of the run {started.Run}");
    }

    // A line that was cut off in the writing is a beginning of a line. A whole line and something that is no line feed is not.
    private void ProveRest()
    {
        var rest = lines.Rest;
        if (rest.Length < 2 || rest[^2] != (byte)'}')
            return;
        try
        {
            _ = JournalLine.Read(rest[..^1]);
        }
        catch (JournalDamageException)
        {
            return;
        }
        throw Damaged("another byte stands where its line feed was");
    }

    private JournalException Damaged(string what, Exception? cause = null) =>
        Faults.Damaged(
            path,
            $"line {Sequence + 1} (sequence number {Sequence + 1}): {what}. Keep a copy of the file; nothing is written to it any more. "
                + "The lines before it are whole and can be read",
            cause
        );
}
