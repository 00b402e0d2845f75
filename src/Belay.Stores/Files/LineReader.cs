using Belay.Domain.Journal;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Reads a file line by line without keeping more of it than the longest line.</summary>
/// <param name="file">The file; it may grow meanwhile.</param>
/// <param name="position">Where to begin, bytes.</param>
internal sealed class LineReader(SafeFileHandle file, long position)
{
    /// <summary>The longest line that is read, bytes; none is written that is longer.</summary>
    public const int GreatestLine = 256 * 1024 * 1024;

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int searched;
    private int end;

    /// <summary>Where the next line begins, bytes.</summary>
    public long Position { get; private set; } = position;

    /// <summary>What stands after the last line feed.</summary>
    public ReadOnlySpan<byte> Rest => buffer.AsSpan(start, end - start);

    /// <summary>Reads the next line, without its line feed; false when no line feed is left. The bytes hold until the next call.</summary>
    /// <exception cref="JournalDamageException">It is longer than <see cref="GreatestLine"/>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = buffer.AsSpan(start, searched + feed - start);
                Position += line.Length + 1;
                start = searched += feed + 1;
                return true;
            }
            if (!Refill())
            {
                line = default;
                return false;
            }
        }
    }

    /// <summary>Forgets what stands after the last line feed: the next call reads it again.</summary>
    public void Reread() => end = searched = start;

    // A beginning of a line is read again with what follows it: since it was read, it may have been cut off as torn and
    // another line written in its place.
    private bool Refill()
    {
        var had = Rest.Length;
        if (had >= GreatestLine)
            throw new JournalDamageException(
                $"the line is longer than {GreatestLine / 1024 / 1024} MB: Belay writes none that long"
            );
        if (had == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        end = RandomAccess.Read(file, buffer, Position);
        start = searched = 0;
        return end != had;
    }
}
