using System.Collections;
using Belay.Domain.Journal;

namespace Belay.Stores.Files;

/// <summary>What a journal held when it was opened. The first entries are kept; those of a very long journal are read again when asked for.</summary>
/// <remarks>They were proven when it was opened; a change after that is found by the hash of its line.</remarks>
internal sealed class JournalHistory(string path) : IReadOnlyList<JournalEntry>
{
    private const int Kept = 16_384;
    private const int Stride = 256;

    private readonly List<JournalEntry> kept = [];

    // Where every 256th line begins, from the first that is not kept.
    private readonly List<long> marks = [];

    public int Count { get; private set; }

    public JournalEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            if (index < Kept)
                return kept[index];
            var mark = (index - Kept) / Stride;
            return From(Kept + (mark * Stride), marks[mark]).ElementAt((index - Kept) % Stride);
        }
    }

    public void Add(JournalEntry entry, long position)
    {
        if (Count < Kept)
            kept.Add(entry);
        else if ((Count - Kept) % Stride == 0)
            marks.Add(position);
        Count++;
    }

    public IEnumerator<JournalEntry> GetEnumerator() =>
        (marks.Count == 0 ? kept : kept.Concat(From(Kept, marks[0]))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<JournalEntry> From(int index, long position)
    {
        using var file = DurableFile.Open(path, FileMode.Open, FileAccess.Read);
        var lines = new LineReader(file, position);
        for (; index < Count; index++)
            yield return Read(lines, index);
    }

    private JournalEntry Read(LineReader lines, int index)
    {
        try
        {
            return lines.TryRead(out var line)
                ? JournalLine.Read(line)
                : throw new JournalDamageException("the line was removed since the journal was opened");
        }
        catch (JournalDamageException e)
        {
            throw Faults.Damaged(path, $"line {index + 1}: {e.Message}", e);
        }
    }
}
