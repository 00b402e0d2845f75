namespace Belay.Domain.Environments;

/// <summary>Moments at which the clocks of a zone show a time, also on the days on which they are set.</summary>
internal static class WallClock
{
    /// <summary>The first moment at which the clocks show this time; where they leave it out, the moment at which they jump over it.</summary>
    public static DateTimeOffset First(DateTime local, TimeZoneInfo zone) => At(local, zone, offsets => offsets.Max());

    /// <summary>The last moment at which the clocks show this time; where they leave it out, the moment at which they jump over it.</summary>
    public static DateTimeOffset Last(DateTime local, TimeZoneInfo zone) => At(local, zone, offsets => offsets.Min());

    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone, Func<TimeSpan[], TimeSpan> choose)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local)
            ? choose(zone.GetAmbiguousTimeOffsets(local))
            : zone.GetUtcOffset(local);
        var utc = local.Ticks - offset.Ticks;
        // "For ever" is written as the last day that there is, whose end may lie behind the end of time elsewhere.
        return utc < DateTime.MinValue.Ticks ? DateTimeOffset.MinValue
            : utc > DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue
            : new DateTimeOffset(local, offset);
    }
}
