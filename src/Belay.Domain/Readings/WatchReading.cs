using Belay.Domain.Journal;

namespace Belay.Domain.Readings;

/// <summary>What a journal says of one watch.</summary>
public sealed class WatchReading
{
    private readonly List<(DateTimeOffset At, WatchSampled Window)> windows = [];

    internal WatchReading(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>All windows of samples, with the time at which each ended.</summary>
    public IReadOnlyList<(DateTimeOffset At, WatchSampled Window)> Windows => windows;

    /// <summary>Samples so far.</summary>
    public long Count { get; private set; }

    /// <summary>Failed samples so far.</summary>
    public long Failed { get; private set; }

    /// <summary>Why the watch stopped the run last; null when it never did.</summary>
    public string? FailedWhy { get; private set; }

    internal void Add(WatchSampled window, DateTimeOffset at)
    {
        windows.Add((window.Until ?? at, window));
        Count += window.Count;
        Failed += window.Failed;
    }

    internal void Fail(string why) => FailedWhy = why;
}
