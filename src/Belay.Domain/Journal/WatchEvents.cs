namespace Belay.Domain.Journal;

/// <summary>A window of a watch's samples.</summary>
public sealed record WatchSampled : JournalEvent
{
    /// <summary>The watch.</summary>
    public required string Watch { get; init; }

    /// <summary>When the window began, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ended, UTC: while a run is parked its windows are journaled later; null: at the event's time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many samples.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them failed or could not be read.</summary>
    public required int Failed { get; init; }

    /// <summary>The median time that a sample took, milliseconds.</summary>
    public required double MedianMs { get; init; }

    /// <summary>The longest time that a sample took, milliseconds.</summary>
    public required double GreatestMs { get; init; }

    /// <summary>Why the last failed one failed; null when none did.</summary>
    public string? Why { get; init; }
}

/// <summary>A watch failed more often than it tolerates.</summary>
public sealed record WatchFailed(string Watch, string Why) : JournalEvent;
