using System.Collections.Concurrent;
using System.Globalization;

namespace Hostile;

/// <summary>Many inputs, by some hunters at once; one that does not end is a finding, too.</summary>
internal sealed class Hunt(int hunters)
{
    /// <summary>Wall time: far beyond the processor time that an input may take, because the machine may be busy.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<string, Finding> findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> tried = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> accepted = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private Cost worst = new(TimeSpan.Zero, 0);

    /// <summary>What was found, each kind once.</summary>
    public IReadOnlyCollection<Finding> Findings => [.. findings.Values.OrderBy(finding => finding.Seed)];

    /// <summary>How many inputs were tried.</summary>
    public int Tried => tried.Values.Sum();

    /// <summary>What was reached, for people.</summary>
    public string Figures =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Tried} inputs, {findings.Count} findings, greatest cost {worst.Processor.TotalMilliseconds:F0} ms and {worst.Allocated / 1024 / 1024} MB; "
        )
        + string.Join(
            ", ",
            tried
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{pair.Key} {pair.Value} ({accepted.GetValueOrDefault(pair.Key)} accepted)")
        );

    /// <summary>Tries the inputs of a range of seeds.</summary>
    public void Run(int from, int count)
    {
        var next = from - 1;
        var begun = new long[hunters];
        var seeds = new int[hunters];
        var threads = Enumerable.Range(0, hunters).Select(Start).ToArray();
        while (threads.Any(thread => thread.IsAlive))
        {
            threads.First(thread => thread.IsAlive).Join(TimeSpan.FromMilliseconds(500));
            for (var i = 0; i < hunters; i++)
            {
                if (
                    threads[i].IsAlive
                    && Volatile.Read(ref begun[i]) is > 0 and var since
                    && TimeProvider.System.GetElapsedTime(since) > Endless
                )
                {
                    // The thread cannot be ended; it does not keep the process alive.
                    findings.TryAdd($"endless {seeds[i]}", new Finding(seeds[i], "?", "?", "does not end"));
                    return;
                }
            }
        }

        Thread Start(int number)
        {
            var thread = new Thread(() => HuntOn(number)) { IsBackground = true };
            thread.Start();
            return thread;
        }

        void HuntOn(int number)
        {
            using var hunter = new Hunter();
            int seed;
            while ((seed = Interlocked.Increment(ref next)) < from + count)
            {
                seeds[number] = seed;
                Volatile.Write(ref begun[number], TimeProvider.System.GetTimestamp());
                Keep(hunter, hunter.Try(seed));
            }
            Volatile.Write(ref begun[number], 0);
        }
    }

    private void Keep(Hunter hunter, Finding? finding)
    {
        tried.AddOrUpdate(hunter.Target, 1, (_, so) => so + 1);
        if (hunter.Accepted)
            accepted.AddOrUpdate(hunter.Target, 1, (_, so) => so + 1);
        lock (gate)
            worst = worst.Or(hunter.Cost);
        if (finding is not null)
            findings.TryAdd(finding.Kind, finding);
    }
}
