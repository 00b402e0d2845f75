using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

/// <summary>What random lives of runs have brought to light, each told as short as it can be.</summary>
public sealed class FoundBySimulationTests
{
    private readonly Stage stage = new();

    [Fact]
    public void Members_of_one_batch_that_fail_at_the_same_time_share_what_is_tolerated()
    {
        stage.World.Inject("set@m1", Moment.BeforeEffect, Fault.Refused);
        stage.World.Inject("set@m2", Moment.BeforeEffect, Fault.Refused);
        var loop = new EachItem
        {
            Id = "each",
            Title = "each",
            Variable = "member",
            Over = JsonElement.Parse("""["m1","m2","m3"]"""),
            Batch = 2,
            Tolerate = 1,
            Steps = [Do("set", "toy.set", "set-${member}")],
        };

        var halted = stage.Start(PlanOf(loop)).Reading;

        Assert.Equal(HaltCause.StepFailed, halted.Halt!.Cause);
        Assert.Single(halted.Find("each")!.SetAside);
        Assert.Null(halted.Find("set@m3"));
    }

    [Fact]
    public void A_proof_of_what_the_run_has_ended_since_is_not_asked_before_the_next_end()
    {
        stage.World.Set("old", "idle");
        stage.World.Set("older", "idle");

        var done = stage.Start(
            PlanOf(Idle("old"), Do("end-old", "toy.end", "old"), Idle("older"), Do("end-older", "toy.end", "older"))
        );

        Assert.Equal(RunStatus.Done, done.Reading.Status);
    }

    [Fact]
    public void A_watch_that_does_not_even_listen_stops_the_run_within_its_interval()
    {
        stage.World.Set("shop", "up");
        stage.Time.CreateTimer(
            _ => stage.World.Inject("watch.shop", Moment.Observe, Fault.Deaf),
            null,
            TimeSpan.FromSeconds(5),
            Timeout.InfiniteTimeSpan
        );
        var watch = new Watch
        {
            Name = "shop",
            Operation = "toy.is",
            With = With("shop", "up"),
        };
        var soak = new SoakItem
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(1),
        };

        var halted = stage.Start(PlanOf(Do("a", "toy.set"), soak) with { Watches = [watch] }).Reading;

        Assert.Equal(HaltCause.WatchFailed, halted.Halt!.Cause);
        Assert.InRange(halted.StoppedAt!.Value - halted.StartedAt, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void A_check_that_does_not_even_listen_does_not_outlast_a_halt()
    {
        stage.World.Inject("check", Moment.Observe, Fault.Deaf);
        using var halt = new CancellationTokenSource(TimeSpan.FromSeconds(10), stage.Time);
        var check = new CheckItem
        {
            Id = "check",
            Title = "check",
            Operation = "toy.is",
            With = With("a"),
        };

        var halted = stage.StartHaltable(PlanOf(Do("a", "toy.set"), check), wait: true, halt.Token).Reading;

        Assert.Equal(HaltCause.Asked, halted.Halt!.Cause);
        Assert.Equal(TimeSpan.FromSeconds(10), halted.StoppedAt!.Value - halted.StartedAt);
    }

    [Fact]
    public void A_halt_that_is_asked_for_during_the_last_step_leaves_the_way_back_open()
    {
        stage.World.Inject("last", Moment.AfterEffect, Fault.Hang);
        using var halt = new CancellationTokenSource(TimeSpan.FromSeconds(10), stage.Time);

        var halted = stage.StartHaltable(PlanOf(Do("last", "toy.set")), wait: true, halt.Token).Reading;

        Assert.Equal(HaltCause.Asked, halted.Halt!.Cause);
        Assert.Equal(StepState.Done, halted.Find("last")!.State);
        Assert.Equal(RunStatus.RolledBack, stage.Rollback().Reading.Status);
        Assert.Empty(stage.World.Snapshot());
    }

    [Fact]
    public void A_backup_that_breaks_while_its_loss_is_counted_halts_the_way_back_before_it_begins()
    {
        stage.World.Inject("stuck", Moment.BeforeEffect, Fault.Refused);
        stage.Start(
            PlanOf(
                Do("save", "toy.save", "store"),
                Do("wreck", "toy.wreck", "store", restore: "save"),
                Do("stuck", "toy.set")
            )
        );
        stage.World.Inject("save", Moment.Count, Fault.Bug);

        var halted = stage.Rollback(null, "wreck").Reading;

        Assert.Equal(HaltCause.UndoFailed, halted.Halt!.Cause);
        Assert.Null(halted.Rollback);
        Assert.Equal(RunStatus.RolledBack, stage.Rollback(null, "wreck").Reading.Status);
    }

    [Fact]
    public void Nothing_of_a_parallel_group_begins_once_its_first_item_has_stopped_the_run()
    {
        var parallel = new ParallelItem
        {
            Id = "parallel",
            Title = "parallel",
            Steps =
            [
                new EachItem
                {
                    Id = "each",
                    Title = "each",
                    Variable = "member",
                    Over = JsonElement.Parse("\"${run.id}\""),
                    Steps = [Do("inside", "toy.set")],
                },
                new CheckItem
                {
                    Id = "check",
                    Title = "check",
                    Operation = "toy.is",
                    With = With("a"),
                },
            ],
        };

        var halted = stage.Start(PlanOf(Do("a", "toy.set"), parallel)).Reading;

        Assert.Equal("each", halted.Halt!.Step);
        Assert.Null(halted.Find("check"));
    }

    [Fact]
    public void A_parked_run_that_somebody_else_ended_just_before_it_wakes_is_let_go_of()
    {
        stage.Time.CreateTimer(
            _ =>
                new RunEngine(stage.Parts()).AbandonAsync(
                    Run,
                    new RunAbandoned("boris", "enough"),
                    TestContext.Current.CancellationToken
                ),
            null,
            SoakTime - TimeSpan.FromMilliseconds(500),
            Timeout.InfiniteTimeSpan
        );

        var ended = stage.Start(PlanOf(Do("a", "toy.set"), Soak, Do("b", "toy.set")));

        Assert.Equal(RunStatus.Abandoned, ended.Reading.Status);
        Assert.Null(stage.World["b"]);
    }

    [Fact]
    public void A_parked_run_that_could_not_journal_what_it_noted_is_still_this_engines()
    {
        stage.Time.CreateTimer(
            _ => stage.Store.DieAt = stage.Store.Writes + 1,
            null,
            TimeSpan.FromMinutes(2),
            Timeout.InfiniteTimeSpan
        );

        var ended = stage.Start(PlanOf(Do("a", "toy.set"), Soak, Do("b", "toy.set")));

        Assert.Contains("the process died", ended.Problem, StringComparison.Ordinal);
        Assert.Null(ended.Holder);
    }

    [Fact]
    public void That_the_clock_was_set_back_while_a_run_was_parked_stands_in_its_journal_once()
    {
        stage.Time.CreateTimer(
            _ => stage.Time.Skew -= TimeSpan.FromHours(1),
            null,
            SoakTime - TimeSpan.FromSeconds(30),
            Timeout.InfiniteTimeSpan
        );

        stage.Start(PlanOf(Do("a", "toy.set"), Soak, Do("b", "toy.set")));

        Assert.Single(stage.Store.Journal(Run), entry => entry.Event is ClockSetBack);
    }

    private static readonly TimeSpan SoakTime = TimeSpan.FromMinutes(20);

    private static SoakItem Soak =>
        new()
        {
            Id = "soak",
            Title = "soak",
            Time = SoakTime,
        };

    private static CheckItem Idle(string cell) =>
        new()
        {
            Id = "idle-" + cell,
            Title = "nobody uses it",
            Operation = "toy.idle",
            With = With(cell, "idle"),
        };
}
