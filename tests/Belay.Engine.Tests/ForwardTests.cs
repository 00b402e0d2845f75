using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class ForwardTests
{
    private readonly Stage stage = new();

    [Fact]
    public void A_plan_runs_to_its_end_and_each_change_happens_once()
    {
        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.post"), Do("c", "toy.once")));

        Assert.Equal("", outcome.Reading.Failure?.Why ?? "");
        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.Equal(["apply a", "apply b", "apply c"], stage.World.Effects);
    }

    [Fact]
    public void What_is_done_already_is_left_alone_forward_and_back()
    {
        stage.World.Set("a", "new");
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);

        var halted = stage.Start(PlanOf(Do("a", "toy.set"), Do("c", "toy.set"), Do("b", "toy.set")));
        var back = stage.Rollback();

        Assert.Equal(RunStatus.Halted, halted.Reading.Status);
        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.True(back.Reading.Find("a")!.AlreadyDone);
        Assert.Equal("new", stage.World["a"]);
        Assert.Null(stage.World["c"]);
    }

    [Fact]
    public void A_transient_failure_is_tried_again_within_the_limit()
    {
        stage.World.Inject("a", Moment.BeforeEffect, Fault.Transient);
        stage.World.Inject("a", Moment.Observe, Fault.Transient);

        var outcome = stage.Start(PlanOf(Do("a", "toy.set")));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.Equal(2, outcome.Reading.Find("a")!.Attempts);
    }

    [Fact]
    public void A_refusal_halts_and_nothing_new_starts()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set"), Do("c", "toy.set")));

        Assert.Equal(RunStatus.Halted, outcome.Reading.Status);
        Assert.Equal("b", outcome.Reading.Halt!.Step);
        Assert.Null(stage.World["c"]);
    }

    [Fact]
    public void A_run_that_fails_before_it_changed_anything_is_closed()
    {
        var check = new CheckItem
        {
            Id = "look",
            Title = "look",
            Operation = "toy.is",
            With = With("x", "there"),
        };

        var outcome = stage.Start(PlanOf(check, Do("a", "toy.set")));

        Assert.Equal(RunStatus.Failed, outcome.Reading.Status);
        Assert.Equal(HaltCause.CheckFailed, outcome.Reading.Failure!.Cause);
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void A_check_that_cannot_read_is_no_pass()
    {
        stage.World.Set("x", "there");
        stage.World.Inject("look", Moment.Observe, Fault.Refused);
        var check = new CheckItem
        {
            Id = "look",
            Title = "look",
            Operation = "toy.is",
            With = With("x", "there"),
        };

        var outcome = stage.Start(PlanOf(check));

        Assert.Equal(Answer.Unknown, outcome.Reading.Find("look")!.Answer);
        Assert.Equal(RunStatus.Failed, outcome.Reading.Status);
    }

    [Fact]
    public void A_check_that_hangs_does_not_hang_the_run()
    {
        stage.World.Inject("look", Moment.Observe, Fault.Hang);

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Look()));

        Assert.Equal(HaltCause.CheckFailed, outcome.Reading.Halt!.Cause);
        Assert.Contains("no answer within 1h", outcome.Reading.Halt.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_set_aside_keeps_what_another_loop_did_for_it()
    {
        stage.World.Inject("b@m1", Moment.BeforeEffect, Fault.Refused);

        var done = stage.Start(PlanOf(Loop("first", "a"), Loop("second", "b")));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Contains("m1", done.Reading.Find("second")!.SetAside.Keys);
        Assert.Equal("new", stage.World["a-m1"]);
    }

    private static CheckItem Look() =>
        new()
        {
            Id = "look",
            Title = "look",
            Operation = "toy.is",
            With = With("a"),
        };

    private static EachItem Loop(string id, string step) =>
        new()
        {
            Id = id,
            Title = id,
            Variable = "member",
            Over = JsonElement.Parse("""["m1"]"""),
            Tolerate = 1,
            Steps = [Do(step, "toy.set", step + "-${member}")],
        };

    [Fact]
    public void A_change_that_hangs_is_ended_at_its_limit_and_settled_by_observation()
    {
        stage.World.Inject("a", Moment.AfterEffect, Fault.Hang);

        var outcome = stage.Start(PlanOf(Do("a", "toy.set", limit: TimeSpan.FromSeconds(10))));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.True(outcome.Reading.Find("a")!.Adopted);
        Assert.Single(stage.World.Effects);
    }

    [Fact]
    public void An_outcome_that_nobody_can_see_is_in_doubt_until_a_person_says()
    {
        stage.World.Inject("a", Moment.AfterEffect, Fault.Unknown);

        var doubt = stage.Start(PlanOf(Do("a", "toy.once"), Do("b", "toy.set")));
        Assert.Equal(HaltCause.InDoubt, doubt.Reading.Halt!.Cause);
        var again = stage.Resume();
        Assert.Equal(HaltCause.InDoubt, again.Reading.Halt!.Cause);

        stage.Resolve("a", happened: true);
        var done = stage.Resume();

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal(["apply a", "apply b"], stage.World.Effects);
    }

    [Fact]
    public void A_member_that_fails_within_what_is_tolerated_is_undone_and_set_aside()
    {
        stage.World.Inject("second@s2", Moment.BeforeEffect, Fault.Refused);
        var outcome = stage.Start(PlanOf(Loop(tolerate: 1)));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.Contains("s2", outcome.Reading.Find("roll")!.SetAside.Keys);
        Assert.Null(stage.World["s2-first"]);
        Assert.Equal("new", stage.World["s3-second"]);
    }

    [Fact]
    public void The_canary_is_never_tolerated()
    {
        stage.World.Inject("second@s1", Moment.BeforeEffect, Fault.Refused);
        var outcome = stage.Start(PlanOf(Loop(tolerate: 1)));

        Assert.Equal(RunStatus.Halted, outcome.Reading.Status);
        Assert.Null(stage.World["s2-first"]);
    }

    [Fact]
    public void A_soak_outlasts_a_crash_and_counts_only_what_was_watched()
    {
        var plan = PlanOf(
            new SoakItem
            {
                Id = "soak",
                Title = "soak",
                Time = TimeSpan.FromHours(2),
            }
        ) with
        {
            Watches = [Watch()],
        };
        stage.World.Set("up", "yes");
        stage.Store.DieAt = 2000;
        stage.ParkAfter = TimeSpan.FromHours(3);
        stage.Start(plan);
        stage.Store.Revive();
        var soaked = stage.Reading.Find("soak")!.SoakedTime;
        var before = stage.Time.GetTimestamp();

        var outcome = stage.Resume();

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.True(soaked > TimeSpan.FromMinutes(1));
        Assert.InRange(
            stage.Time.GetElapsedTime(before),
            TimeSpan.FromHours(2) - soaked,
            TimeSpan.FromHours(2) - soaked + TimeSpan.FromSeconds(5)
        );
    }

    [Fact]
    public void A_watch_that_fails_stops_the_run_within_one_interval()
    {
        var plan = PlanOf(Soak(), Do("a", "toy.set")) with { Watches = [Watch()] };
        stage.World.Set("up", "yes");
        using var timer = stage.Time.CreateTimer(
            _ => stage.World.Set("up", null),
            null,
            TimeSpan.FromSeconds(10),
            Timeout.InfiniteTimeSpan
        );

        var outcome = stage.Start(plan);

        Assert.Equal(HaltCause.WatchFailed, outcome.Reading.Failure!.Cause);
        Assert.InRange(
            outcome.Reading.StoppedAt!.Value - outcome.Reading.StartedAt,
            TimeSpan.FromSeconds(10),
            TimeSpan.FromSeconds(11.5)
        );
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void A_watch_that_does_not_hold_at_the_start_lets_nothing_begin_whatever_it_tolerates()
    {
        var plan = PlanOf(Do("a", "toy.set")) with { Watches = [Watch() with { Tolerate = 3 }] };

        var outcome = stage.Start(plan);

        Assert.Equal(HaltCause.WatchFailed, outcome.Reading.Failure!.Cause);
        Assert.Contains("before the first change", outcome.Reading.Failure.Why, StringComparison.Ordinal);
        Assert.Empty(stage.World.Effects);
    }

    private static SoakItem Soak() =>
        new()
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(5),
        };

    private static Watch Watch() =>
        new()
        {
            Name = "shop",
            Operation = "toy.is",
            With = With("up", "yes"),
            Every = TimeSpan.FromSeconds(1),
        };

    private static EachItem Loop(int tolerate) =>
        new()
        {
            Id = "roll",
            Title = "roll",
            Variable = "server",
            Over = System.Text.Json.JsonElement.Parse("""["s1","s2","s3"]"""),
            Canary = 1,
            Tolerate = tolerate,
            Steps = [Do("first", "toy.set", "${server}-first"), Do("second", "toy.set", "${server}-second")],
        };
}
