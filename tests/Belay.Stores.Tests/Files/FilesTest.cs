using JournalKit;

namespace Belay.Stores.Tests.Files;

/// <summary>A test that looks at the files themselves.</summary>
public abstract class FilesTest : StoreContract<FilesUnderTest>
{
    protected const string Run = "run-1";

    /// <summary>The run's journal.</summary>
    protected string Journal => Store.Journal(Run);

    /// <summary>Makes a closed journal of so many lines, and returns its lines with their line feeds.</summary>
    protected async Task<IList<byte[]>> WriteJournalAsync(int lines, string run = Run)
    {
        await using var lease = await LeaseAsync();
        await using (var journal = await CreateAsync(run, lease))
        {
            for (var i = 1; i < lines; i++)
                journal.Append(Sample.Event(i));
        }
        return Split(await File.ReadAllBytesAsync(Store.Journal(run), Ct));
    }

    /// <summary>Writes the journal's file anew.</summary>
    protected Task PutAsync(IEnumerable<byte[]> lines) =>
        File.WriteAllBytesAsync(Journal, [.. lines.SelectMany(line => line)], Ct);

    private static List<byte[]> Split(byte[] content)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < content.Length; start += lines[^1].Length)
            lines.Add(content[start..(Array.IndexOf(content, (byte)'\n', start) + 1)]);
        return lines;
    }
}
