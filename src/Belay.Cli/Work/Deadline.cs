using System.Globalization;

namespace Belay.Cli.Work;

/// <summary>Reads the end of a window: <c>04:00</c> is the next one on this machine's clock, anything longer a date with its time (ISO 8601).</summary>
internal static class Deadline
{
    /// <exception cref="Refusal">It is no time, or it has passed.</exception>
    public static DateTimeOffset Read(string text, TimeProvider clock)
    {
        var now = clock.GetLocalNow();
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return Next(time, now, clock.LocalTimeZone);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment))
            throw new Refusal(ExitCode.BadUsage, $"'{text}' is no time: write 04:00, or 2026-03-01T04:00Z");
        return moment > now ? moment : throw new Refusal(ExitCode.BadUsage, $"{text} has passed already");
    }

    private static DateTimeOffset Next(TimeOnly time, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = now.Date + time.ToTimeSpan();
        var day = today > now.DateTime ? today : today.AddDays(1);
        return new DateTimeOffset(day, zone.GetUtcOffset(day));
    }
}
