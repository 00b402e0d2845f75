using Belay.Views.Timelines;

namespace Belay.Views.Tests.Timelines;

public sealed class TimeAxisTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_long_rest_is_drawn_short_and_says_how_long_it_was()
    {
        var axis = TimeAxis.Of(Start, Start.AddHours(8), [Work(0, 60), Work((8 * 3600) - 60, 8 * 3600)]);

        var rest = Assert.Single(axis.Breaks);
        Assert.Equal(TimeSpan.FromSeconds((8 * 3600) - 120), rest.Length);
        Assert.InRange(rest.Width, 1, 10);
        Assert.InRange(axis.X(Start.AddSeconds(30)), 20, 30);
    }

    [Fact]
    public void A_short_rest_is_drawn_as_long_as_it_was()
    {
        var axis = TimeAxis.Of(Start, Start.AddSeconds(100), [Work(0, 50), Work(55, 100)]);

        Assert.Empty(axis.Breaks);
        Assert.Equal(55, axis.X(Start.AddSeconds(55)), 6);
    }

    [Fact]
    public void Later_times_never_lie_further_left_and_none_leaves_the_picture()
    {
        var axis = TimeAxis.Of(Start, Start.AddSeconds(1000), [Work(10, 20), Work(500, 530), Work(525, 540)]);

        var places = Enumerable.Range(-5, 1020).Select(second => axis.X(Start.AddSeconds(second))).ToArray();

        Assert.Equal(places.Order(), places);
        Assert.All(places, place => Assert.InRange(place, 0, 100.000001));
    }

    private static Span Work(int from, int to) =>
        new(Start.AddSeconds(from), Start.AddSeconds(to), SpanKind.Change, SpanEnd.Good);
}
