namespace Belay.Domain.Journal;

/// <summary>An event with its place in the chain.</summary>
public sealed record JournalEntry
{
    /// <summary>The version of the line's format, written by this version of Belay.</summary>
    public const int Version = 1;

    /// <summary>The place in the run, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The fencing number of the lease under which it was written.</summary>
    public required long Fence { get; init; }

    /// <summary>What happened.</summary>
    public required JournalEvent Event { get; init; }

    /// <summary>The hash of the line before; 64 zeros for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>The hash of this line.</summary>
    public required string Hash { get; init; }
}
