using Belay.Domain.Journal;

namespace Kills;

/// <summary>Reads a journal's whole lines while belay writes it, and goes on from where it was.</summary>
internal sealed class JournalTail(string path)
{
    private readonly List<JournalEntry> entries = [];
    private long position;

    /// <summary>All that was read so far.</summary>
    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Reads what came since.</summary>
    public void Read()
    {
        if (!File.Exists(path))
            return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = position;
        var rest = new byte[file.Length - position];
        file.ReadExactly(rest);
        var from = 0;
        for (int end; (end = Array.IndexOf(rest, (byte)'\n', from)) >= 0; from = end + 1)
            entries.Add(JournalLine.Read(rest.AsSpan(from, end - from)));
        position += from;
    }
}
