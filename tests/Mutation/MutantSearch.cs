using System.Collections.Concurrent;

namespace Mutation;

/// <summary>Judges a sample of all mutants, drawn by a seed, with a few workers. What was judged stands in a file; a search that was ended goes on from it.</summary>
internal sealed class MutantSearch(int lives, int workers, string? file)
{
    private readonly ConcurrentDictionary<int, (string Verdict, string Why)> judged = new();
    private readonly Lock gate = new();
    private IReadOnlyList<Mutant> all = [];

    /// <summary>The mutants that nothing noticed.</summary>
    public IEnumerable<Mutant> Survivors => all.Where(mutant => IsVerdict(mutant, "survived"));

    /// <summary>How many have a verdict.</summary>
    public int Judged => judged.Count;

    /// <summary>How many of those that could run were noticed, from 0 to 1.</summary>
    public double Score => (double)Count("noticed") / Math.Max(1, Count("noticed") + Count("survived"));

    /// <summary>The figures in one line.</summary>
    public string Figures =>
        $"{all.Count} generated, {judged.Count} of them drawn, {Count("uncompiled")} not compiled, {Count("equivalent")} the very same code, {Count("noticed") + Count("survived")} run, {Count("noticed")} noticed, {Count("survived")} survived, {Score:P1}; at most {lives} lives each";

    /// <summary>Lives the same lives with the engine as it is: it has to come through, and what its lives reached is noted.</summary>
    /// <returns>What is held against it; null: nothing.</returns>
    public string? Calibrate(string about)
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var violation = Judge.Notice(new EngineCode().Whole(), lives, from: 1, kind => kinds.Add(kind));
        if (violation is null && file is not null)
            File.AppendAllText(
                file,
                $"# {about}; the engine as it is comes through {lives} lives, which reach {kinds.Count} kinds: {string.Join("; ", kinds)}\n"
            );
        return violation;
    }

    /// <summary>Draws mutants and judges them.</summary>
    public async Task RunAsync(int sample, int seed)
    {
        all = Generator.Of(new EngineCode());
        var drawn = all.Select(mutant => mutant.Number).ToArray();
        new Random(seed).Shuffle(drawn);
        Recall();
        var left = new ConcurrentQueue<int>(drawn.Take(sample).Where(number => !judged.ContainsKey(number)));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(left))));
    }

    private async Task WorkAsync(ConcurrentQueue<int> left)
    {
        WorkerProcess? worker = null;
        while (left.TryDequeue(out var number))
        {
            worker ??= new WorkerProcess(lives, from: 1);
            Keep(number, await worker.JudgeAsync(number));
            if (!worker.IsSpent)
                continue;
            worker.Dispose();
            worker = null;
        }
        worker?.Dispose();
    }

    private void Keep(int number, (string Verdict, string Why) verdict)
    {
        judged[number] = verdict;
        if (file is null)
            return;
        lock (gate)
            File.AppendAllText(file, $"{number}\t{verdict.Verdict}\t{all[number]}\t{verdict.Why}\n");
    }

    private void Recall()
    {
        if (file is null || !File.Exists(file))
            return;
        foreach (var words in File.ReadLines(file).Where(line => line[0] != '#').Select(line => line.Split('\t')))
            judged[int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture)] = (words[1], words[^1]);
    }

    private int Count(string verdict) => judged.Values.Count(known => known.Verdict == verdict);

    private bool IsVerdict(Mutant mutant, string verdict) =>
        judged.TryGetValue(mutant.Number, out var known) && known.Verdict == verdict;
}
