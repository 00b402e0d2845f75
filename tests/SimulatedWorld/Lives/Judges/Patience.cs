namespace SimulatedWorld.Lives.Judges;

/// <summary>How often and for how long something may be tried again: a little later each time, within a limit.</summary>
internal sealed class Patience(long began, TimeSpan limit)
{
    private TimeSpan pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What is left of the limit.</summary>
    public TimeSpan Left(long now) =>
        limit - TimeSpan.FromTicks(now - began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>When the next try comes; null: the limit does not allow another one.</summary>
    public long? Next(long now)
    {
        if (Left(now) <= pause)
            return null;
        var next = now + pause.Ticks;
        pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.FromSeconds(5).Ticks));
        return next;
    }
}
