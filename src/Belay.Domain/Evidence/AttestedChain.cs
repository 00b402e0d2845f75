using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Domain.Evidence;

/// <summary>A journal's chain as it was when it was signed, with marks that tell where another chain leaves it.</summary>
/// <remarks>Whoever changes an event and computes all hashes anew changes the hash of that event and of every later one: the first mark that differs says where.</remarks>
public sealed record AttestedChain
{
    /// <summary>The most marks that are kept. A journal of at most so many events has one for each.</summary>
    private const int GreatestMarks = 4096;

    private const int MarkLength = 16;

    /// <summary>How many events it has: the sequence number of the last one.</summary>
    public required long Events { get; init; }

    /// <summary>The hash of the last event. The marks only help to find a difference; this one proves that there is none.</summary>
    public required string LastHash { get; init; }

    /// <summary>Each how many events a mark is kept.</summary>
    public required long MarkEvery { get; init; }

    /// <summary>The first 16 digits of the hash of every such event.</summary>
    public required ImmutableArray<string> Marks { get; init; }

    /// <summary>The chain of some hashes.</summary>
    /// <param name="starts">The first 16 hexadecimal digits of each event's hash, as a number.</param>
    /// <param name="lastHash">The hash of the last event.</param>
    public static AttestedChain Of(IReadOnlyList<ulong> starts, string lastHash)
    {
        var every = Math.Max(1, (starts.Count + GreatestMarks - 1) / GreatestMarks);
        return new AttestedChain
        {
            Events = starts.Count,
            LastHash = lastHash,
            MarkEvery = every,
            Marks = [.. Enumerable.Range(1, starts.Count / every).Select(mark => Text(starts[(mark * every) - 1]))],
        };
    }

    /// <summary>The beginning of a hash, as a number.</summary>
    public static ulong StartOf(string hash) => Convert.ToUInt64(hash[..MarkLength], 16);

    /// <summary>What another chain, which is whole in itself, has otherwise.</summary>
    /// <param name="starts">The first 16 hexadecimal digits of each of its events' hashes, as a number.</param>
    /// <param name="lastHash">The hash of its last event.</param>
    /// <param name="closed">Whether the run was closed when this chain was signed: then nothing may follow.</param>
    /// <returns>What was done to it, and where; null when it is the same chain.</returns>
    public string? Difference(IReadOnlyList<ulong> starts, string lastHash, bool closed)
    {
        if (FirstOther(starts) is var (from, to))
            return from == to
                ? $"event {from} is not the one that was attested: it was changed, added, removed or moved, and the hashes from there on were computed anew"
                : $"one of the events {from} to {to} is not the one that was attested: it was changed, added, removed or moved, and the hashes from there on were computed anew";
        if (starts.Count < Events)
            return $"the tail was cut off: events {starts.Count + 1} to {Events} were attested and are missing";
        if (starts.Count == Events)
            return lastHash == LastHash
                ? null
                : $"one of the events {(Marks.Length * MarkEvery) + 1} to {Events} is not the one that was attested: the hashes from there on were computed anew";
        var more = $"events {Events + 1} to {starts.Count} came after it was attested";
        return closed
            ? $"{more}: they were added to a run that was closed"
            : $"{more}: attest it again with belay report --attest";
    }

    /// <summary>Between which events the other chain leaves this one; null when no mark tells.</summary>
    private (long From, long To)? FirstOther(IReadOnlyList<ulong> starts)
    {
        if (MarkEvery is < 1 or > int.MaxValue)
            return null;
        for (var mark = 1; mark <= Marks.Length && mark * MarkEvery <= starts.Count; mark++)
        {
            var sequence = mark * MarkEvery;
            if (Text(starts[(int)sequence - 1]) != Marks[mark - 1])
                return (sequence - MarkEvery + 1, sequence);
        }
        return null;
    }

    private static string Text(ulong start) => start.ToString("x16", CultureInfo.InvariantCulture);
}
