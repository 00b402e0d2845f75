using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using SimulatedWorld.Lives;

namespace Hostile.Corpus;

/// <summary>Journals: of earlier versions, and of simulated lives with everything that happens in them.</summary>
internal static class JournalCorpus
{
    private const int Lives = 60;

    /// <summary>A journal of which a part has all kinds of lines is enough, and is read a thousand times a second.</summary>
    private const int MostLines = 40;

    private static readonly DateTimeOffset Begun = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    public static ImmutableArray<Sample> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Repository.PathOf("tests/Histories"), "*.jsonl", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(Parts),
        .. Enumerable.Range(1, Lives).SelectMany(Lived),
    ];

    /// <summary>The lines of a journal, chained again: a beginning and any part of it make a journal of their own.</summary>
    public static byte[] Text(IEnumerable<JournalEvent> events)
    {
        var text = new MemoryStream();
        var previous = JournalLine.Genesis;
        foreach (var (index, happened) in events.Index())
        {
            var (entry, line) = JournalLine.Write(index + 1, Begun.AddSeconds(index), fence: 1, previous, happened);
            text.Write(line);
            text.WriteByte((byte)'\n');
            previous = entry.Hash;
        }
        return text.ToArray();
    }

    private static IEnumerable<Sample> Parts(string file)
    {
        var events = File.ReadAllLines(file)
            .Select(line => JournalLine.Read(Encoding.UTF8.GetBytes(line)).Event)
            .ToArray();
        var start = Small((RunStarted)events[0]);
        for (var from = 1; from < events.Length; from += MostLines)
            yield return new(
                $"{Path.GetFileNameWithoutExtension(file)} from {from}",
                Text([start, .. events.Skip(from).Take(MostLines)])
            );
    }

    // A whole plan would be most of the text, and is read by the plan's own target.
    private static RunStarted Small(RunStarted started)
    {
        var plan = started.Plan with
        {
            Steps = [.. started.Plan.Steps.Take(3)],
            Files = [.. started.Plan.Files.Take(2)],
        };
        return started with { Plan = plan, PlanHash = PlanJson.Hash(plan) };
    }

    private static IEnumerable<Sample> Lived(int seed)
    {
        var story = new Story(seed * 16);
        story.Live();
        var events = story.Journal.Select(entry => entry.Event).ToArray();
        if (events.Length > 0)
            yield return new Sample($"life {seed * 16}", Text(events.Take(MostLines * 2)));
        if (events.Length > MostLines * 2)
            yield return new Sample($"life {seed * 16}, its end", Text([events[0], .. events.TakeLast(MostLines)]));
    }
}
