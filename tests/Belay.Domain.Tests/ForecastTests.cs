using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Domain.Tests;

public sealed class ForecastTests
{
    [Fact]
    public void Sequences_add_and_parallel_groups_take_the_longest()
    {
        var plan = PlanOf(
            Do("a"),
            new ParallelItem
            {
                Id = "p",
                Title = "p",
                Steps = [Do("b"), Do("c")],
            }
        );

        var forecast = Forecast.Of(plan, Known(("a", 1, 2), ("b", 5, 6), ("c", 3, 9)));

        Assert.Equal(TimeSpan.FromSeconds(1 + 5), forecast.Typical);
        Assert.Equal(TimeSpan.FromSeconds(2 + 9), forecast.Most);
        Assert.True(forecast.IsWhole);
    }

    [Fact]
    public void A_loop_goes_canary_first_and_then_in_batches()
    {
        var loop = new EachItem
        {
            Id = "roll",
            Title = "roll",
            Variable = "server",
            Over = JsonElement.Parse("[1,2,3,4,5]"),
            Canary = 1,
            Batch = 2,
            Steps = [Do("a")],
        };

        Assert.Equal(TimeSpan.FromSeconds(3 * 10), Forecast.Of(PlanOf(loop), Known(("a", 10, 10))).Typical);
    }

    [Fact]
    public void What_was_never_measured_and_who_is_waited_for_is_said()
    {
        var plan = PlanOf(
            Do("a"),
            Do("new"),
            new ConfirmItem
            {
                Id = "look",
                Title = "look",
                Instructions = "look",
            },
            new SoakItem
            {
                Id = "soak",
                Title = "soak",
                Time = TimeSpan.FromMinutes(1),
            }
        );

        var forecast = Forecast.Of(plan, Known(("a", 1, 1)));

        Assert.Equal(TimeSpan.FromSeconds(61), forecast.Typical);
        Assert.Equal(["new"], forecast.Unmeasured);
        Assert.Equal(["look"], forecast.OpenEnded);
        Assert.False(forecast.IsWhole);
    }

    [Fact]
    public void A_step_of_the_same_name_with_another_operation_is_another_step() =>
        Assert.Equal(
            ["a"],
            Forecast.Of(PlanOf(Do("a") with { Operation = "toy.other" }), Known(("a", 1, 1))).Unmeasured
        );

    [Fact]
    public void Of_ten_durations_the_ninth_is_the_slow_one_and_the_fifth_the_usual_one()
    {
        var spread = Spread.Of([.. Enumerable.Range(1, 10).Select(n => TimeSpan.FromSeconds(n))]);

        Assert.Equal(new Spread(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9), 10), spread);
    }

    [Fact]
    public void A_step_whose_size_is_known_is_expected_to_take_what_the_newest_size_takes_at_the_usual_pace()
    {
        var known = Measurements.Of([
            Sized("a", seconds: 40, rows: 400),
            Sized("a", seconds: 10, rows: 100),
            Sized("a", seconds: 30, rows: 100),
        ]);

        var forecast = Forecast.Of(PlanOf(Do("a")), known);

        // 0.1 s a row in the middle, 0.3 at the slowest.
        Assert.Equal(TimeSpan.FromSeconds(40), forecast.Typical);
        Assert.Equal(TimeSpan.FromSeconds(120), forecast.Most);
        Assert.Equal(new Amount(400, "rows"), forecast.Amounts["a"]);
    }

    [Fact]
    public void A_step_at_work_that_says_its_size_is_expected_to_take_what_that_takes()
    {
        var reading = RunReading.Of([
            At(0, Started(PlanOf(Do("a"))), 1),
            At(0, Intent("a"), 2),
            At(1, new Progressed { Step = "a", Progress = Progress.Count(10, 1_000, "rows") }, 3),
        ]);
        var known = Measurements.Of([Sized("a", seconds: 10, rows: 100)]);

        var left = Forecast.Of(reading, known, DateTimeOffset.UnixEpoch.AddSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(100 - 20), left.Typical);
        Assert.Equal(new Amount(1_000, "rows"), left.Amounts["a"]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0L, "rows")]
    [InlineData(long.MaxValue, "bytes")]
    public void Without_a_size_that_can_be_compared_the_durations_count_as_they_were(long? size, string? unit)
    {
        var spread = Spread.Of([
            new StepTime("a", "toy.set", Direction.Forward, TimeSpan.FromSeconds(7), size, unit),
            new StepTime("a", "toy.set", Direction.Forward, TimeSpan.FromSeconds(7), null, null),
        ]);

        Assert.Equal(TimeSpan.FromSeconds(7), spread.For(new Amount(5, "rows")).P50);
        Assert.Equal(TimeSpan.FromSeconds(7).TotalSeconds, spread.Expected.P50.TotalSeconds, tolerance: 0.001);
    }

    private static StepTime Sized(string step, int seconds, long rows) =>
        new(step, "toy.set", Direction.Forward, TimeSpan.FromSeconds(seconds), rows, "rows");

    [Fact]
    public void Only_whole_undisturbed_work_counts_forward_and_back()
    {
        var times = StepTimes.Of([
            At(0, Started(PlanOf(Do("a"), Do("b"), Do("c")))),
            At(1, Intent("a")),
            At(2, new Progressed { Step = "a", Progress = Progress.Count(1, 500, "rows") }),
            At(4, new StepDone { Step = "a" }),
            At(4, new StepDone { Step = "b", AlreadyDone = true }),
            At(5, Intent("c")),
            At(
                6,
                new RunResumed
                {
                    By = "anna",
                    Host = "h",
                    Version = "0",
                }
            ),
            At(99, new StepDone { Step = "c" }),
            At(100, new UndoIntent { Step = "a" }),
            At(107, new StepUndone { Step = "a" }),
        ]);

        Assert.Equal(
            [
                new StepTime("a", "toy.set", Direction.Forward, TimeSpan.FromSeconds(3), 500, "rows"),
                new StepTime("a", "toy.set", Direction.Back, TimeSpan.FromSeconds(7), null, null),
            ],
            times
        );
    }

    private static Measurements Known(params (string Step, int P50, int P90)[] known) =>
        Measurements.Of(
            known.SelectMany(step =>
                (StepTime[])
                    [
                        new(step.Step, "toy.set", Direction.Forward, TimeSpan.FromSeconds(step.P50), null, null),
                        new(step.Step, "toy.set", Direction.Forward, TimeSpan.FromSeconds(step.P90), null, null),
                    ]
            )
        );

    private static JournalEntry At(int second, JournalEvent happened, long sequence = 1) =>
        new()
        {
            Sequence = sequence,
            At = DateTimeOffset.UnixEpoch.AddSeconds(second),
            Fence = 1,
            Event = happened,
            Previous = JournalLine.Genesis,
            Hash = JournalLine.Genesis,
        };

    private static RunStarted Started(Plan plan) =>
        new()
        {
            Run = "run",
            Plan = plan,
            PlanHash = "",
            PlanFile = "/plan.yaml",
            By = "anna",
            Host = "h",
            Version = "0",
        };

    private static Intent Intent(string step) =>
        new()
        {
            Step = step,
            Attempt = 1,
            Operation = "toy.set",
            Inputs = JsonElement.Parse("{}"),
            Before = JsonElement.Parse("{}"),
            Difference = Difference.None,
            Reversal = Reversal.Exact,
        };

    private static Plan PlanOf(params ImmutableArray<Item> steps) =>
        new()
        {
            Upgrade = "toy",
            From = "1",
            To = "2",
            Environment = "default",
            Steps = steps,
        };

    private static DoItem Do(string id) =>
        new()
        {
            Id = id,
            Title = id,
            Operation = "toy.set",
            With = JsonElement.Parse("{}"),
        };
}
