using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Memory;
using Belay.Domain.Plans;

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

    private static JournalEntry At(int second, JournalEvent happened) =>
        new()
        {
            Sequence = 1,
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
