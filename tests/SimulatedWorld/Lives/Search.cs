using System.Collections.Concurrent;

namespace SimulatedWorld.Lives;

/// <summary>Many lives, on all cores.</summary>
public sealed class Search
{
    private readonly ConcurrentQueue<string> violations = new();
    private long lived;

    /// <summary>What was reached.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Lives that came to their end.</summary>
    public long Lived => Interlocked.Read(ref lived);

    /// <summary>What was violated; a search ends soon after the first few.</summary>
    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>How many violations end a search. Default 5.</summary>
    public int Enough { get; init; } = 5;

    /// <summary>Lives the lives of a range of seeds.</summary>
    public void Run(int from, int count) =>
        Parallel.For(
            from,
            from + count,
            (seed, state) =>
            {
                var story = new Story(seed);
                if (story.Live() is { } violation)
                    violations.Enqueue(violation);
                Tally.Add(story.Tally);
                Interlocked.Increment(ref lived);
                if (violations.Count >= Enough)
                    state.Stop();
            }
        );
}
