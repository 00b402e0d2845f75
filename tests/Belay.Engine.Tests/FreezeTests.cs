using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

/// <summary>A store that stays frozen is an outage: every path out of a freeze thaws it, in time.</summary>
public sealed class FreezeTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(10);

    private readonly Stage stage = new();

    [Fact]
    public void A_halt_during_the_thaw_does_not_cut_it_short()
    {
        stage.World.Inject("quiet.freeze", Moment.Undo, Fault.Unknown);
        using var halt = new CancellationTokenSource();
        stage.Store.OnDurable = entry =>
        {
            if (entry.Event is UndoIntent)
                halt.Cancel();
        };

        stage.StartHaltable(Frozen(Do("inside", "toy.set")), wait: true, halt.Token);

        Assert.Null(stage.World["frozen"]);
    }

    [Fact]
    public void It_is_thawed_when_a_step_inside_fails()
    {
        stage.World.Inject("inside", Moment.BeforeEffect, Fault.Refused);
        var outcome = stage.Start(Frozen(Do("inside", "toy.set")));

        Assert.Equal(RunStatus.Halted, outcome.Reading.Status);
        Assert.Null(stage.World["frozen"]);
        var resumed = stage.Resume();
        Assert.Equal(RunStatus.Done, resumed.Reading.Status);
        Assert.Null(stage.World["frozen"]);
    }

    [Fact]
    public void It_is_thawed_within_its_deadline_though_a_step_inside_hangs()
    {
        stage.World.Inject("inside", Moment.BeforeEffect, Fault.Hang);
        var outcome = stage.Start(Frozen(Do("inside", "toy.set")));

        Assert.Equal(RunStatus.Halted, outcome.Reading.Status);
        Assert.Contains("deadline of 10s", outcome.Reading.Halt!.Why, StringComparison.Ordinal);
        Assert.Null(stage.World["frozen"]);
        Assert.InRange(stage.Reading.Find("quiet.freeze")!.EndedAt!.Value - Begun(), TimeSpan.Zero, AtMost);
    }

    [Fact]
    public void A_halt_inside_leaves_its_grace_only_as_long_as_the_freeze_may_last()
    {
        stage.World.Inject("inside", Moment.BeforeEffect, Fault.Hang);
        using var halt = new CancellationTokenSource(TimeSpan.FromSeconds(1), stage.Time);

        stage.StartHaltable(Frozen(Do("inside", "toy.set")), wait: true, halt.Token);

        Assert.Null(stage.World["frozen"]);
        Assert.InRange(stage.Reading.Find("quiet.freeze")!.EndedAt!.Value - Begun(), TimeSpan.Zero, AtMost);
    }

    [Fact]
    public void A_watchdog_is_armed_for_the_deadline_before_anything_is_frozen()
    {
        stage.Start(Frozen(Do("inside", "toy.set")));

        var (step, until) = Assert.Single(stage.Store.Armed);
        Assert.Equal("quiet.freeze", step);
        Assert.True(until <= Begun() + AtMost);
    }

    [Fact]
    public void Nothing_is_frozen_when_no_watchdog_can_be_armed()
    {
        stage.Store.NoWatchdog = "no such program";

        var outcome = stage.Start(Frozen(Do("inside", "toy.set")));

        Assert.Contains("nothing was frozen", outcome.Reading.Halt!.Why, StringComparison.Ordinal);
        Assert.Equal(["apply first"], stage.World.Effects);
    }

    [Fact]
    public void The_watchdog_thaws_what_a_dead_engine_left_and_the_run_can_go_on()
    {
        DieInside();

        var halted = stage.Do(engine => engine.ThawAsync(Run, "watchdog", default));

        Assert.Null(stage.World["frozen"]);
        Assert.Equal(HaltCause.FreezeOverdue, halted.Reading.Halt!.Cause);
        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_freeze_that_cannot_be_thawed_does_not_keep_the_one_around_it_frozen()
    {
        var inner = new DuringItem
        {
            Id = "deep",
            Title = "deep",
            Mode = DuringMode.Freeze,
            Condition = Do("deep.freeze", "toy.set", "deep"),
            AtMost = AtMost / 2,
            Steps = [Do("inside", "toy.set")],
        };
        DieInside(inner);
        stage.World.Inject("deep.freeze", Moment.Undo, Fault.Refused);

        var halted = stage.Do(engine => engine.ThawAsync(Run, "watchdog", default)).Reading;

        Assert.Null(stage.World["frozen"]);
        Assert.Equal("new", stage.World["deep"]);
        Assert.Equal((HaltCause.UndoFailed, "deep.freeze"), (halted.Halt!.Cause, halted.Halt.Step));
    }

    [Fact]
    public void A_watchdog_that_loses_its_lease_as_it_thaws_tells_so()
    {
        DieInside();
        stage.Store.OnDurable = entry =>
        {
            if (entry.Event is StepUndone)
                stage.Store.StealLease();
        };

        var outcome = stage.Do(engine => engine.ThawAsync(Run, "watchdog", default));

        Assert.Null(stage.World["frozen"]);
        Assert.NotNull(outcome.Problem);
    }

    [Fact]
    public void The_watchdog_leaves_a_run_alone_in_which_nothing_is_frozen()
    {
        stage.World.Inject("inside", Moment.BeforeEffect, Fault.Refused);
        var halted = stage.Start(Frozen(Do("inside", "toy.set")));

        var same = stage.Do(engine => engine.ThawAsync(Run, "watchdog", default));

        Assert.Equal(halted.Reading.Sequence, same.Reading.Sequence);
    }

    [Fact]
    public void An_engine_that_wakes_up_after_the_watchdog_took_its_lease_does_nothing_more()
    {
        // The engine is asleep inside the freeze; meanwhile the watchdog acts with a lease of its own.
        stage.World.Inject("inside", Moment.BeforeEffect, Fault.Hang);
        stage.Time.CreateTimer(_ => stage.Store.StealLease(), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);

        stage.Start(Frozen(Do("inside", "toy.set"), Do("later", "toy.set")));

        Assert.DoesNotContain(stage.World.Effects, effect => effect.Contains("later", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.World.Effects, effect => effect.StartsWith("undo", StringComparison.Ordinal));
    }

    private void DieInside(Item? around = null)
    {
        stage.Store.OnDurable = entry =>
        {
            if (entry.Event is Intent { Step: "inside" })
                stage.Store.DieAt = stage.Store.Writes + 1;
        };
        stage.Start(Frozen(around ?? Do("inside", "toy.set")));
        Assert.Equal("new", stage.World["frozen"]);
        stage.Store.OnDurable = null;
        stage.Store.Revive();
    }

    private DateTimeOffset Begun() =>
        stage.Store.Journal(Run).First(entry => entry.Event is Intent { Step: "quiet.freeze" }).At;

    private static Plan Frozen(params System.Collections.Immutable.ImmutableArray<Item> steps) =>
        PlanOf(
            Do("first", "toy.set"),
            new DuringItem
            {
                Id = "quiet",
                Title = "quiet",
                Mode = DuringMode.Freeze,
                Condition = Do("quiet.freeze", "toy.set", "frozen"),
                AtMost = AtMost,
                Steps = steps,
            }
        );
}
