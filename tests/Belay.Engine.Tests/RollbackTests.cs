using Belay.Domain.Journal;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class RollbackTests
{
    private readonly Stage stage = new();

    [Fact]
    public void Going_back_undoes_the_last_first_and_proves_each()
    {
        stage.World.Inject("c", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.pair"), Do("c", "toy.set")));

        var back = stage.Rollback();

        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.Empty(stage.World.Snapshot());
        Assert.Equal(
            ["apply a", "apply b", "apply second b", "undo second b", "undo b", "undo a"],
            stage.World.Effects
        );
    }

    [Fact]
    public void A_way_back_over_a_final_change_is_refused_before_anything_is_touched()
    {
        stage.World.Inject("d", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.final"), Do("c", "toy.set"), Do("d", "toy.set")));
        var effects = stage.World.Effects.Count;

        var refused = stage.Rollback();

        Assert.Equal(HaltCause.Boundary, refused.Reading.Halt!.Cause);
        Assert.Contains("belay rollback --to c", refused.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Equal(effects, stage.World.Effects.Count);
    }

    [Fact]
    public void What_came_after_the_boundary_can_still_be_taken_back_and_the_run_goes_on()
    {
        stage.World.Inject("d", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.final"), Do("c", "toy.set"), Do("d", "toy.set")));

        var part = stage.Rollback(to: "c");

        Assert.Equal(RunStatus.Halted, part.Reading.Status);
        Assert.Null(stage.World["c"]);
        Assert.Equal("new", stage.World["b"]);
    }

    [Fact]
    public void A_restore_asks_for_its_loss_with_a_number_before_anything_is_touched()
    {
        var plan = PlanOf(
            Do("save", "toy.save", "store"),
            Do("wreck", "toy.wreck", "store", restore: "save"),
            Do("last", "toy.set")
        );
        stage.World.Set("store", "old");
        stage.World.Inject("last", Moment.BeforeEffect, Fault.Refused);
        stage.Start(plan);

        var asked = stage.Rollback();

        Assert.Equal(HaltCause.Boundary, asked.Reading.Halt!.Cause);
        Assert.Contains("2 writes", asked.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Equal("new", stage.World["store"]);
        Assert.Null(asked.Reading.Rollback);

        var back = stage.Rollback(null, "wreck");

        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.Equal("old", stage.World["store"]);
    }

    [Fact]
    public void A_rollback_that_was_refused_leaves_the_run_free_to_go_forward()
    {
        stage.World.Inject("c", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.final"), Do("c", "toy.set")));
        stage.Rollback();

        var done = stage.Resume();

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal("new", stage.World["c"]);
    }

    [Fact]
    public void A_backup_that_does_not_bring_the_store_back_is_told()
    {
        var plan = PlanOf(
            Do("save", "toy.save", "store"),
            Do("wreck", "toy.wreck", "store", restore: "save"),
            Do("last", "toy.set")
        );
        stage.World.Set("store", "old");
        stage.World.Inject("last", Moment.BeforeEffect, Fault.Refused);
        stage.Start(plan);
        stage.World.Inject("save", Moment.Undo, Fault.Refused);

        var stuck = stage.Rollback(null, "wreck");

        Assert.Equal(HaltCause.UndoFailed, stuck.Reading.Halt!.Cause);
        Assert.Equal(RunStatus.RolledBack, stage.Resume().Reading.Status);
        Assert.Equal("old", stage.World["store"]);
    }

    [Fact]
    public void An_undo_that_a_crash_interrupted_is_finished()
    {
        stage.World.Inject("c", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.pair"), Do("c", "toy.set")));
        stage.Store.DieAt = stage.Store.Writes + 6;
        stage.Rollback();
        Assert.True(stage.Store.IsDead);
        stage.Store.Revive();

        var back = stage.Resume();

        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.Empty(stage.World.Snapshot());
    }

    [Fact]
    public void A_loss_that_grew_above_what_was_accepted_asks_again_and_is_not_restored()
    {
        stage.World.Inject("later", Moment.BeforeEffect, Fault.Refused);
        stage.Start(
            PlanOf(
                Do("save", "toy.save", "store"),
                Do("wreck", "toy.wreck", "store", restore: "save"),
                Do("later", "toy.set")
            )
        );

        var asked = stage.Rollback(null, new Dictionary<string, long> { ["wreck"] = 1 }, "wreck");

        Assert.Equal(HaltCause.Boundary, asked.Reading.Halt!.Cause);
        Assert.Contains("loses 2 writes", asked.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Contains("more than the 1 that were accepted", asked.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Equal("new", stage.World["store"]);
    }

    [Fact]
    public void A_loss_that_grows_while_the_rollback_goes_on_asks_again()
    {
        stage.World.Inject("later", Moment.AfterEffect, Fault.Refused);
        stage.Start(
            PlanOf(
                Do("save", "toy.save", "store"),
                Do("wreck", "toy.wreck", "store", restore: "save"),
                Do("later", "toy.set")
            )
        );
        // While what came later is taken back, users write.
        stage.Store.OnDurable = entry =>
        {
            if (entry.Event is UndoIntent { Step: "later" })
                for (var i = 0; i < 9; i++)
                    stage.World.Effect("a user writes", $"order{i}", "x");
        };

        var asked = stage.Rollback(null, "wreck");
        Assert.Equal(HaltCause.Boundary, asked.Reading.Halt!.Cause);
        Assert.Equal("new", stage.World["store"]);
        stage.Store.OnDurable = null;

        var back = stage.Rollback(null, new Dictionary<string, long> { ["wreck"] = 20 }, "wreck");
        Assert.Equal(RunStatus.RolledBack, back.Reading.Status);
        Assert.Null(stage.World["store"]);
    }

    [Fact]
    public void A_freeze_that_a_dead_engine_left_is_thawed_before_anything_else_is_taken_back()
    {
        var freeze = new Belay.Domain.Plans.DuringItem
        {
            Id = "quiet",
            Title = "quiet",
            Mode = Belay.Domain.Plans.DuringMode.Freeze,
            AtMost = TimeSpan.FromMinutes(1),
            Condition = Do("quiet.freeze", "toy.set", "frozen"),
            Steps = [Do("a", "toy.set"), Do("b", "toy.set")],
        };
        stage.World.Inject("a", Moment.Undo, Fault.Refused);
        stage.Store.DieAt = 12;
        stage.Start(PlanOf(freeze));
        Assert.Equal("new", stage.World["frozen"]);
        stage.Store.Revive();

        var stuck = stage.Rollback();

        Assert.Equal(HaltCause.UndoFailed, stuck.Reading.Halt!.Cause);
        Assert.Null(stage.World["frozen"]);
    }

    [Fact]
    public void An_abandoned_run_ends_as_it_stands_but_for_its_holds()
    {
        var hold = new Belay.Domain.Plans.DuringItem
        {
            Id = "quiet",
            Title = "quiet",
            Mode = Belay.Domain.Plans.DuringMode.Hold,
            Condition = Do("quiet.hold", "toy.set", "held"),
            Steps = [Do("a", "toy.set"), Do("b", "toy.set")],
        };
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(hold));
        Assert.Equal("new", stage.World["held"]);

        var ended = stage.Abandon();

        Assert.Equal(RunStatus.Abandoned, ended.Reading.Status);
        Assert.Null(stage.World["held"]);
        Assert.Equal("new", stage.World["a"]);
    }
}
