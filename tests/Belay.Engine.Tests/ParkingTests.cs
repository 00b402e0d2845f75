using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class ParkingTests
{
    private const string Long = "long";
    private const string Short = "short";

    private readonly Stage stage = new();

    [Fact]
    public void A_long_soak_parks_and_a_run_that_touches_nothing_of_it_passes()
    {
        var (first, second) = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            var second = await Start(Short, PlanOf(Do("c", "toy.set")));
            Assert.Equal(RunStatus.Parked, ReadingOf(Long).Status);
            return (await first, second);
        });

        Assert.Equal(RunStatus.Done, second.Reading.Status);
        Assert.Equal([Long], second.Reading.Start!.Beside);
        Assert.Equal(RunStatus.Done, first.Reading.Status);
        Assert.Equal(["apply a", "apply c", "apply b"], stage.World.Effects);
        var parked = Assert.Single(Events<RunParked>(Long));
        Assert.Equal(["cell:a", "cell:b"], parked.Reach.Resources.Select(touched => touched.Resource));
        Assert.Equal("the soak 'soak' is over", Assert.Single(Events<RunWoken>(Long)).Why);
    }

    [Fact]
    public void What_is_soaked_while_a_run_is_parked_counts_and_nothing_is_written_without_the_lease()
    {
        var done = Play(() => Start(Long, Soaking()));

        var soaked = done.Reading.Find("soak")!;
        Assert.InRange(soaked.EndedAt!.Value - soaked.StartedAt, TimeSpan.FromHours(2), TimeSpan.FromHours(2.01));
        var fences = stage.Store.Journal(Long).Select(entry => entry.Fence).ToArray();
        Assert.Equal(fences.Order(), fences);
        Assert.True(fences.Distinct().Count() > 100, "each note is made under a lease of its own");
        Assert.True(stage.Store.Journal(Long).Count < 1_000, "a parked run writes little");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_run_that_touches_what_a_parked_one_touches_is_refused_and_told_what(string cell)
    {
        var refused = Play(() => RefusedAsync(PlanOf(Do("mine", "toy.set", cell))));

        Assert.Contains($"run {Long} of environment 'default' is parked until", refused, StringComparison.Ordinal);
        Assert.Contains($"this plan touches what it touches: cell:{cell}:", refused, StringComparison.Ordinal);
        Assert.Empty(stage.Store.Journal(Short));
    }

    [Fact]
    public void Reading_what_a_parked_run_alters_is_touching_it()
    {
        stage.World.Set("a", "new");

        var refused = Play(() => RefusedAsync(PlanOf(Look("a"))));

        Assert.Contains("cell:a", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void What_both_only_read_keeps_nobody_from_passing()
    {
        stage.World.Set("seen", "new");
        var plan = Soaking() with { Watches = [Watch("seen")] };

        var second = Play(async () =>
        {
            var first = Start(Long, plan);
            await ParkedAsync();
            var second = await Start(Short, PlanOf(Look("seen"), Do("c", "toy.set")));
            await first;
            return second;
        });

        Assert.Equal(RunStatus.Done, second.Reading.Status);
    }

    [Fact]
    public void A_plan_of_which_it_cannot_be_told_what_it_touches_does_not_pass()
    {
        stage.World.Set("seen", "new");

        var refused = Play(() => RefusedAsync(PlanOf(Look("seen"), Do("c", "toy.set", "${steps.look.value}"))));

        Assert.Contains("'c' is about is known only when its turn comes", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_that_fails_while_the_run_is_parked_wakes_and_halts_it()
    {
        stage.World.Set("health", "new");
        var plan = Soaking() with { Watches = [Watch("health")] };

        var halted = Play(async () =>
        {
            var first = Start(Long, plan);
            await ParkedAsync();
            await Task.Delay(TimeSpan.FromMinutes(30), stage.Time);
            stage.World.Set("health", "ill");
            return await first;
        });

        Assert.Equal(HaltCause.WatchFailed, halted.Reading.Halt!.Cause);
        Assert.InRange(
            halted.Reading.StoppedAt!.Value - halted.Reading.StartedAt,
            TimeSpan.FromMinutes(30),
            TimeSpan.FromMinutes(30.1)
        );
        Assert.InRange(halted.Reading.Find("soak")!.SoakedTime, TimeSpan.FromMinutes(29.9), TimeSpan.FromMinutes(30.1));
        Assert.Null(stage.World["b"]);
    }

    [Fact]
    public void What_somebody_altered_while_the_run_was_parked_halts_it_when_it_wakes()
    {
        var halted = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            stage.World.Set("a", "altered");
            return await first;
        });

        Assert.Equal(HaltCause.Drifted, halted.Reading.Halt!.Cause);
        Assert.Equal("a", halted.Reading.Halt.Step);
        Assert.Null(stage.World["b"]);
    }

    [Fact]
    public void A_parked_run_whose_engine_died_goes_on_with_its_soak_when_it_is_resumed()
    {
        var died = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            await Task.Delay(TimeSpan.FromMinutes(90), stage.Time);
            stage.Store.Die();
            return await first;
        });
        stage.Store.Revive();
        var at = stage.Time.GetUtcNow();

        var done = Play(() => Resume(Long));

        Assert.NotNull(died.Problem);
        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.InRange(stage.Time.GetUtcNow() - at, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(32));
    }

    [Fact]
    public void A_run_that_has_soaked_enough_waits_for_the_lease_of_the_one_that_passes()
    {
        var (first, waits) = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            await Task.Delay(TimeSpan.FromMinutes(115), stage.Time);
            var second = Start(Short, PlanOf(Do("c", "toy.set"), Soak("pause", minutes: 9)));
            await Task.Delay(TimeSpan.FromMinutes(8), stage.Time);
            var waits = (await stage.Store.StayingAsync(Long, default))!.Waits;
            await second;
            return (await first, waits);
        });

        Assert.Equal(RunStatus.Done, first.Reading.Status);
        Assert.Contains("the soak 'soak' is over; it waits for its environment", waits, StringComparison.Ordinal);
        Assert.Contains($"on run {Short}", waits, StringComparison.Ordinal);
        var passed = stage.Store.Journal(Short)[^1];
        var woken = stage.Store.Journal(Long).Single(entry => entry.Event is RunWoken);
        Assert.True(passed.At <= woken.At && passed.Fence < woken.Fence);
    }

    [Fact]
    public void A_person_halts_a_parked_run()
    {
        var halted = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            await stage.Store.PutAsync(Long, new HaltRequest { By = "ben", Note = "lunch" }, default);
            return await first;
        });

        Assert.Equal("ben asked to halt: lunch", halted.Reading.Halt!.Why);
        Assert.Single(Events<HaltRequested>(Long));
        Assert.Equal(RunStatus.Done, Play(() => Resume(Long)).Reading.Status);
    }

    [Fact]
    public void A_parked_run_is_halted_from_the_terminal_that_runs_it()
    {
        using var halt = new CancellationTokenSource();

        var halted = Play(async () =>
        {
            await using var later = CancelLater(halt);
            return await Start(Long, Soaking(), halt.Token);
        });

        Assert.Equal(HaltCause.Asked, halted.Reading.Halt!.Cause);
    }

    [Fact]
    public void A_terminal_that_is_left_while_another_run_passes_leaves_the_run_parked_and_says_so()
    {
        using var halt = new CancellationTokenSource();

        var left = Play(async () =>
        {
            await using var later = CancelLater(halt);
            var first = Start(Long, Soaking(), halt.Token);
            await ParkedAsync();
            var second = Start(Short, PlanOf(Do("c", "toy.set"), Soak("pause", minutes: 9)));
            var left = await first;
            await second;
            return left;
        });

        Assert.Equal(RunStatus.Parked, left.Reading.Status);
        Assert.Contains("stays parked, and nobody stays with it", left.Problem, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Done, Play(() => Resume(Long)).Reading.Status);
    }

    [Fact]
    public void A_parked_run_that_another_engine_takes_back_is_left_to_it()
    {
        var (first, back) = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            var back = await new RunEngine(stage.Parts()).RollbackAsync(new() { Run = Long, By = "ben" }, Ct);
            return (await first, back);
        });

        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.Equal(RunStatus.RolledBack, first.Reading.Status);
        Assert.Null(first.Problem);
        Assert.Empty(Events<RunWoken>(Long));
    }

    [Fact]
    public void A_parked_run_with_which_somebody_stays_is_not_resumed_elsewhere()
    {
        var refused = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            var refused = await Assert.ThrowsAsync<OrderRefusedException>(() => Resume(Long));
            await first;
            return refused.Message;
        });

        Assert.Contains("stays with it", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_one_that_passed_is_halted_the_parked_run_wakes_and_goes_on_and_no_third_one_begins()
    {
        stage.World.Inject("c2", Moment.BeforeEffect, Fault.Refused);

        var (first, third) = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            await Start(Short, PlanOf(Do("c", "toy.set"), Do("c2", "toy.set")));
            var third = await Assert.ThrowsAsync<OrderRefusedException>(() =>
                Start("third", PlanOf(Do("d", "toy.set")), Ct)
            );
            return (await first, third.Message);
        });

        Assert.Contains($"run {Short} of environment 'default' is not closed", third, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Done, first.Reading.Status);
        Assert.Equal(RunStatus.Done, Play(() => Resume(Short)).Reading.Status);
    }

    [Fact]
    public void A_mend_that_reaches_into_a_run_that_is_open_beside_it_is_refused()
    {
        stage.World.Inject("c2", Moment.BeforeEffect, Fault.Refused);

        var refused = Play(async () =>
        {
            var first = Start(Long, Soaking());
            await ParkedAsync();
            await Start(Short, PlanOf(Do("c", "toy.set"), Do("c2", "toy.set")));
            var refused = await Assert.ThrowsAsync<OrderRefusedException>(() =>
                Resume(Short, PlanOf(Do("c", "toy.set"), Do("c2", "toy.set", "b")))
            );
            await first;
            return refused.Message;
        });

        Assert.Contains("this plan touches what it touches: cell:b", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_soak_beside_other_work_does_not_park_nor_one_that_is_short()
    {
        var beside = new ParallelItem
        {
            Id = "both",
            Title = "both",
            Steps = [Soak("soak", minutes: 120), Do("b", "toy.set")],
        };

        var done = Play(() => Start(Long, PlanOf(Do("a", "toy.set"), beside, Soak("last", minutes: 10))));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Empty(Events<RunParked>(Long));
    }

    [Fact]
    public void A_soak_in_a_loop_that_goes_member_by_member_parks()
    {
        var loop = new EachItem
        {
            Id = "roll",
            Title = "roll",
            Variable = "member",
            Over = JsonElement.Parse("""["m1", "m2"]"""),
            Steps = [Do("set", "toy.set", "set-${member}"), Soak("soak", minutes: 60)],
        };

        var done = Play(() => Start(Long, PlanOf(loop)));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal(["soak@m1", "soak@m2"], Events<RunParked>(Long).Select(parked => parked.Step));
        Assert.Equal(
            ["cell:set-m1", "cell:set-m2"],
            Events<RunParked>(Long).First().Reach.Resources.Select(touched => touched.Resource)
        );
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private T Play<T>(Func<Task<T>> scene) => stage.Time.Run(scene, TimeSpan.FromDays(1));

    private Task<RunOutcome> Start(string run, Plan plan, CancellationToken halt = default) =>
        new RunEngine(stage.Parts()).StartAsync(
            new StartOrder
            {
                Run = run,
                Plan = plan,
                PlanFile = "/plans/plan.yaml",
                By = "anna",
            },
            halt
        );

    private Task<RunOutcome> Resume(string run, Plan? plan = null) =>
        new RunEngine(stage.Parts()).ResumeAsync(
            new ResumeOrder
            {
                Run = run,
                By = "anna",
                GroundFor = _ => Task.FromResult(new Ground { Plan = plan }),
            },
            default
        );

    // On the thread of the simulation, as all that happens in it.
    private ITimer CancelLater(CancellationTokenSource halt) =>
        stage.Time.CreateTimer(_ => halt.Cancel(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);

    private async Task<string> RefusedAsync(Plan plan)
    {
        var first = Start(Long, Soaking());
        await ParkedAsync();
        var refused = await Assert.ThrowsAsync<OrderRefusedException>(() => Start(Short, plan, Ct));
        await first;
        return refused.Message;
    }

    private async Task ParkedAsync()
    {
        while (stage.Store.Journal(Long).Count == 0 || ReadingOf(Long).Status != RunStatus.Parked)
            await Task.Delay(TimeSpan.FromSeconds(1), stage.Time);
    }

    private RunReading ReadingOf(string run) => RunReading.Of(stage.Store.Journal(run));

    private IEnumerable<T> Events<T>(string run) => stage.Store.Journal(run).Select(entry => entry.Event).OfType<T>();

    private static Plan Soaking() => PlanOf(Do("a", "toy.set"), Soak("soak", minutes: 120), Do("b", "toy.set"));

    private static SoakItem Soak(string id, int minutes) =>
        new()
        {
            Id = id,
            Title = id,
            Time = TimeSpan.FromMinutes(minutes),
        };

    private static CheckItem Look(string cell) =>
        new()
        {
            Id = "look",
            Title = "look",
            Operation = "toy.is",
            With = With(cell),
        };

    private static Watch Watch(string cell) =>
        new()
        {
            Name = cell,
            Operation = "toy.is",
            With = With(cell),
        };
}
