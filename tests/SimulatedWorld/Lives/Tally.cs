using System.Collections.Concurrent;

namespace SimulatedWorld.Lives;

/// <summary>How often each kind of thing was reached: faults, happenings, events of the journal, ends.</summary>
public sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>One more of a kind.</summary>
    public void Count(string kind) => counts.AddOrUpdate(kind, 1, (_, known) => known + 1);

    /// <summary>Takes in what another tally has.</summary>
    public void Add(Tally other)
    {
        foreach (var (kind, times) in other.counts)
            counts.AddOrUpdate(kind, times, (_, known) => known + times);
    }

    /// <summary>The kinds, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Kinds =>
        [.. counts.OrderBy(kind => kind.Key, StringComparer.Ordinal)];

    /// <summary>Whether a kind was reached.</summary>
    public bool Has(string kind) => counts.ContainsKey(kind);
}
