using Belay.Bench.Contenders;
using Belay.Bench.Ours;

namespace Belay.Bench.Measuring;

/// <summary>Measures all entries in turns, so that what else the machine does meets all of them.</summary>
internal sealed class Rounds(int rounds, bool countFlushes, Action<string> tell)
{
    /// <summary>A warm-up that does not count, the rounds, and the flushes in a pass of their own.</summary>
    public async Task<IReadOnlyList<Measured>> MeasureAsync(IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var left = new List<Entry>();
        foreach (var entry in entries)
        {
            if (await TryAsync(entry, () => entry.Contender.RunAsync(entry.Shape, WarmUp(entry), ct)) is not null)
                left.Add(entry);
        }
        var answers = left.ToDictionary(entry => entry, _ => new List<Answer>());
        for (var round = 0; round < rounds && left.Count > 0; round++)
        {
            tell($"round {round + 1} of {rounds}");
            foreach (var entry in Rotated(left, round).Where(entry => round < entry.Most))
            {
                // What one has written lazily, the next one's first flush must not pay for.
                Libc.Sync();
                if (await TryAsync(entry, () => entry.Contender.RunAsync(entry.Shape, entry.Steps, ct)) is { } answer)
                    answers[entry].Add(answer);
            }
        }
        var measured = new List<Measured>();
        foreach (var entry in left.Where(entry => answers[entry].Count > 0))
            measured.Add(Measured(entry, answers[entry], await FlushesAsync(entry, ct)));
        return measured;
    }

    // Nobody comes always after the same one.
    private static IEnumerable<Entry> Rotated(List<Entry> entries, int by) =>
        entries.Skip(by % entries.Count).Concat(entries.Take(by % entries.Count));

    // A tenth is enough for compilers and caches; what is not kept alive has nothing to warm up but the disk's cache.
    private static int WarmUp(Entry entry) => Math.Max(1, entry.Steps / 10);

    private async Task<double?> FlushesAsync(Entry entry, CancellationToken ct)
    {
        if (!countFlushes)
            return null;
        var steps = Math.Min(entry.Steps, 1_000);
        try
        {
            return (double)await entry.Contender.CountFlushesAsync(entry.Shape, steps, ct) / steps;
        }
        catch (ContenderException e)
        {
            tell($"flushes of {entry.Label} are not counted: {e.Message}");
            return null;
        }
    }

    private async Task<Answer?> TryAsync(Entry entry, Func<Task<Answer>> run)
    {
        try
        {
            return await run();
        }
        catch (ContenderException e)
        {
            tell($"left out: {entry.Label}: {e.Message}");
            return null;
        }
    }

    private static Measured Measured(Entry entry, IReadOnlyList<Answer> answers, double? flushes) =>
        new()
        {
            Entry = entry,
            PerStep = [.. answers.Select(answer => answer.Milliseconds / entry.Steps).Order()],
            Last = answers[^1],
            FlushesPerStep = flushes,
        };
}
