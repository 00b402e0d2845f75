using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

/// <summary>A watch may fail where the plan said so before, for as long as it said, and nowhere else.</summary>
public sealed class ImpactTests
{
    private readonly Stage stage = new();

    public ImpactTests() => stage.World.Set("up", "yes");

    [Fact]
    public void What_was_announced_does_not_stop_the_run()
    {
        Down(from: 20, to: 40);

        Assert.Equal(RunStatus.Done, stage.Start(Announced(atMost: 30)).Reading.Status);
    }

    [Fact]
    public void More_than_was_announced_stops_it()
    {
        Down(from: 20, to: 55);

        Assert.Equal(HaltCause.WatchFailed, Stopped(stage.Start(Announced(atMost: 30))));
    }

    [Fact]
    public void A_failure_that_outlasts_its_step_stops_the_run()
    {
        Down(from: 50, to: 70);

        Assert.Equal(HaltCause.WatchFailed, Stopped(stage.Start(Announced(atMost: 30))));
    }

    [Fact]
    public void What_was_announced_for_another_route_stops_it()
    {
        Down(from: 20, to: 22);

        Assert.Equal(HaltCause.WatchFailed, Stopped(stage.Start(Announced(atMost: 30, route: "other"))));
    }

    private static HaltCause? Stopped(RunOutcome outcome) =>
        outcome.Reading.Halt?.Cause ?? outcome.Reading.Failure?.Cause;

    private void Down(int from, int to)
    {
        At(from, () => stage.World.Set("up", "no"));
        At(to, () => stage.World.Set("up", "yes"));
    }

    private void At(int seconds, Action what) =>
        stage.Time.CreateTimer(_ => what(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    /// <summary>A minute that users may notice, and a minute that they may not.</summary>
    private static Plan Announced(int atMost, string route = "shop") =>
        PlanOf(
            new PhaseItem
            {
                Id = "outage",
                Title = "outage",
                Impact = new Impact
                {
                    Route = route,
                    AtMost = TimeSpan.FromSeconds(atMost),
                    Reason = "sessions are dropped",
                },
                Steps = [Minute("first")],
            },
            Minute("second")
        ) with
        {
            Watches =
            [
                new Watch
                {
                    Name = "shop",
                    Operation = "toy.is",
                    With = With("up", "yes"),
                },
            ],
        };

    private static SoakItem Minute(string id) =>
        new()
        {
            Id = id,
            Title = id,
            // Of the samples of a watch that nobody has: only the clock counts.
            Watch = "none",
            Time = TimeSpan.FromMinutes(1),
        };
}
