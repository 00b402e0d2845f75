using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Environments;

namespace Belay.Domain.Tests.Environments;

public sealed class ChangeCalendarTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>Weekdays from 09:00 to 16:00, which is from 08:00Z in winter.</summary>
    private static readonly ChangeWindow Office = Window("09:00", "16:00", DayOfWeek.Monday, DayOfWeek.Friday);

    [Theory]
    [InlineData("2026-11-20T07:59:59Z", "2026-11-20T08:00:00Z")]
    [InlineData("2026-11-20T08:00:00Z", "open")]
    [InlineData("2026-11-20T14:59:59Z", "open")]
    [InlineData("2026-11-20T15:00:00Z", "2026-11-23T08:00:00Z")]
    [InlineData("2026-11-22T12:00:00Z", "2026-11-23T08:00:00Z")]
    public void Changes_are_taken_inside_a_window_and_the_next_one_is_named(string now, string answer) =>
        Assert.Equal(answer, Ask(now, [Office]));

    [Theory]
    [InlineData("2026-11-20T22:30:00Z", "open")]
    [InlineData("2026-11-21T02:59:00Z", "open")]
    [InlineData("2026-11-21T03:00:00Z", "2026-11-27T21:00:00Z")]
    public void A_window_may_reach_into_the_next_day(string now, string answer) =>
        Assert.Equal(answer, Ask(now, [Window("22:00", "04:00", DayOfWeek.Friday)]));

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T01:00:00Z", "open")]
    public void Where_the_clocks_leave_the_hour_out_it_opens_when_they_jump(string now, string answer) =>
        Assert.Equal(answer, Ask(now, [Window("02:30", "05:00", DayOfWeek.Sunday)]));

    [Theory]
    [InlineData("2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T00:45:00Z", "open")]
    [InlineData("2026-10-25T01:20:00Z", "open")]
    [InlineData("2026-10-25T01:44:59Z", "open")]
    [InlineData("2026-10-25T01:45:00Z", "2026-11-01T01:30:00Z")]
    public void An_hour_that_the_clocks_show_twice_belongs_to_it_both_times(string now, string answer) =>
        Assert.Equal(answer, Ask(now, [Window("02:30", "02:45", DayOfWeek.Sunday)]));

    [Theory]
    [InlineData("2026-11-20T07:00:00Z", "2026-11-20T08:00:00Z")]
    [InlineData("2026-07-20T06:30:00Z", "2026-07-20T07:00:00Z")]
    public void A_window_follows_summer_and_winter_time(string now, string answer) =>
        Assert.Equal(answer, Ask(now, [Office]));

    [Fact]
    public void A_freeze_closes_the_windows_that_lie_in_it() =>
        Assert.Equal(
            "2026-11-23T10:30:00Z",
            Ask("2026-11-20T09:00:00Z", [Office], Freeze("2026-11-20 00:00", "2026-11-23 11:30"))
        );

    [Fact]
    public void Without_windows_only_the_freeze_counts() =>
        Assert.Equal(
            "2026-11-22T23:00:00Z",
            Ask("2026-11-20T09:00:00Z", [], Freeze("2026-11-20 00:00", "2026-11-23 00:00"))
        );

    [Fact]
    public void What_never_opens_is_said_to() =>
        Assert.Equal("never", Ask("2026-11-20T09:00:00Z", [Office], Freeze("2026-11-20 00:00", "2099-01-01 00:00")));

    private static string Ask(
        string now,
        ImmutableArray<ChangeWindow> windows,
        params ImmutableArray<ChangeFreeze> freezes
    ) =>
        new ChangeCalendar { Windows = windows, Freezes = freezes }.At(
            DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)
        ) switch
        {
            CalendarAnswer.Closed closed => Word(closed.Opens),
            CalendarAnswer.Frozen frozen => Word(frozen.Opens),
            _ => "open",
        };

    private static string Word(DateTimeOffset? opens) =>
        opens?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";

    private static ChangeWindow Window(string from, string to, params DayOfWeek[] days) =>
        new()
        {
            Days = [.. days],
            From = TimeOnly.Parse(from, CultureInfo.InvariantCulture),
            To = TimeOnly.Parse(to, CultureInfo.InvariantCulture),
            Zone = Berlin,
        };

    private static ChangeFreeze Freeze(string from, string to) =>
        new()
        {
            From = DateTime.Parse(from, CultureInfo.InvariantCulture),
            To = DateTime.Parse(to, CultureInfo.InvariantCulture),
            Zone = Berlin,
            Reason = "business",
        };
}
