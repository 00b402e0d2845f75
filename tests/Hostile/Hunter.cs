using System.Collections.Immutable;
using Hostile.Corpus;
using Hostile.Mutators;
using Hostile.Targets;

namespace Hostile;

/// <summary>Makes an input from each seed, gives it to its target and judges what becomes of it. One thread's.</summary>
internal sealed class Hunter : IDisposable
{
    /// <summary>Greater inputs have a bound of their own: the readers' limits on files.</summary>
    private const int GreatestInput = 64 * 1024;

    /// <summary>One accepted plan in so many is rehearsed, too: that takes as long as hundreds of others.</summary>
    private const int RehearsedOf = 256;

    private readonly DirectoryInfo folder = InMemory();
    private readonly ImmutableArray<ITarget> targets;

    public Hunter()
    {
        var files = folder.FullName;
        var plans = new PlanTarget(files);
        var journals = new JournalTarget(files);
        // As often as each is worth it: plans have the most ways to be wrong.
        targets =
        [
            plans,
            plans,
            plans,
            new EnvironmentTarget(files),
            journals,
            journals,
            new EvidenceTarget(),
            new KeyTarget(),
            new StateTarget(files),
            new TextTarget(),
        ];
    }

    /// <summary>Who was given the last input.</summary>
    public string Target { get; private set; } = "";

    /// <summary>Whether the last input was taken for a good one.</summary>
    public bool Accepted { get; private set; }

    /// <summary>Why the last input was refused; null: it was not, or nobody says.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What the last input cost.</summary>
    public Cost Cost { get; private set; } = new(TimeSpan.Zero, 0);

    public (string Target, string Sample, byte[] Bytes) Make(int seed)
    {
        var (target, sample, bytes) = MakeInput(seed);
        return (target.Name, sample.Name, bytes);
    }

    /// <returns>What is wrong; null: nothing.</returns>
    public Finding? Try(int seed)
    {
        var (target, sample, bytes) = MakeInput(seed);
        (Target, Accepted) = (target.Name, false);
        target.Prepare(sample, bytes);
        var before = Cost.Now;
        try
        {
            Accepted = target.Try(sample, bytes);
            Refusal = target.Refusal;
            Cost = Cost.Now.Since(before);
            if (Cost.IsTooMuch && bytes.Length <= GreatestInput)
                return Found($"costs {Cost.Processor.TotalMilliseconds:F0} ms and {Cost.Allocated / 1024 / 1024} MB");
            if (Accepted && seed % RehearsedOf == 0)
                target.TryAtLength();
            return null;
        }
        catch (Exception e)
        {
            Cost = Cost.Now.Since(before);
            return Found(e.ToString());
        }

        Finding Found(string what) => new(seed, target.Name, sample.Name, what);
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>A store flushes what it writes: on a disk that would be most of the time.</summary>
    private static DirectoryInfo InMemory()
    {
        const string Memory = "/dev/shm";
        return Directory.Exists(Memory)
            ? Directory.CreateDirectory(Path.Combine(Memory, $"belay-hostile-{Guid.NewGuid():N}"))
            : Directory.CreateTempSubdirectory("belay-hostile-");
    }

    /// <summary>What becomes of the good inputs themselves.</summary>
    public IEnumerable<(string Target, string Sample, string? Refusal)> TrySamples()
    {
        foreach (var target in targets.Distinct())
        foreach (var sample in target.Samples)
        {
            target.Prepare(sample, sample.Bytes);
            var accepted = target.Try(sample, sample.Bytes);
            yield return (target.Name, sample.Name, accepted ? null : target.Refusal ?? "refused");
        }
    }

    private (ITarget Target, Sample Sample, byte[] Bytes) MakeInput(int seed)
    {
        var random = new Random(seed);
        var target = targets[random.Next(targets.Length)];
        var sample = target.Samples[random.Next(target.Samples.Length)];
        var other = target.Samples[random.Next(target.Samples.Length)];
        return (target, sample, target.Mutate(new Mutation(random), sample, other));
    }
}
