using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class BackPlanTests
{
    private static readonly Dictionary<string, long> NoBound = [];

    private readonly Stage stage = new();

    public BackPlanTests() => stage.World.Inject("last", Moment.BeforeEffect, Fault.Refused);

    [Fact]
    public void A_way_back_to_what_was_never_seen_working_is_refused_before_anything_is_touched()
    {
        stage.Start(
            PlanOf(Do("a", "toy.set"), Soak("seen"), Do("b", "toy.set"), Do("c", "toy.set"), Do("last", "toy.set"))
        );

        var refused = stage.RollbackTo("c", acceptCombination: null, NoBound);

        Assert.Equal(HaltCause.Boundary, refused.Reading.Halt!.Cause);
        Assert.Contains(
            "once 'c' is taken back was never seen working",
            refused.Reading.Halt.Why,
            StringComparison.Ordinal
        );
        Assert.Contains("belay rollback --to b", refused.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Contains("--accept-combination c", refused.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Null(refused.Reading.Rollback);
        Assert.Equal("new", stage.World["c"]);
    }

    [Fact]
    public void A_way_back_to_what_a_soak_saw_working_is_taken()
    {
        stage.Start(PlanOf(Do("a", "toy.set"), Soak("seen"), Do("b", "toy.set"), Do("last", "toy.set")));

        var back = stage.RollbackTo("b", acceptCombination: null, NoBound);

        Assert.Equal("taken back up to and including 'b', as asked", back.Reading.Halt!.Why);
        Assert.Equal(("new", null), (stage.World["a"], stage.World["b"]));
    }

    [Fact]
    public void A_way_back_to_what_was_never_seen_working_is_taken_when_a_person_names_it_and_that_is_journaled()
    {
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set"), Do("last", "toy.set")));

        var back = stage.RollbackTo("b", acceptCombination: "b", NoBound);

        Assert.Null(stage.World["b"]);
        Assert.Equal("b", back.Reading.Rollback!.AcceptedCombination);
    }

    [Fact]
    public void What_stood_when_a_soak_passed_says_nothing_of_a_part_of_it()
    {
        stage.Start(
            PlanOf(Do("a", "toy.set"), Do("b", "toy.set"), Soak("seen"), Do("c", "toy.set"), Do("last", "toy.set"))
        );
        stage.RollbackTo("b", acceptCombination: "b", NoBound);

        var plan = PlanOf(stage.Reading, to: "b");

        Assert.Empty(plan.Moves);
        Assert.Equal(["a"], plan.Left);
        Assert.Equal(BackPlan.UnseenCode, Assert.Single(plan.Findings).Code);
    }

    [Fact]
    public void A_restore_that_would_take_back_what_is_to_stand_is_refused()
    {
        stage.World.Set("store", "old");
        stage.Start(
            PlanOf(
                Do("save", "toy.save", "store"),
                Do("wreck", "toy.wreck", "store", restore: "save"),
                Soak("seen"),
                Do("more", "toy.wreck", "store", restore: "save") with
                {
                    With = With("store", "newer"),
                },
                Do("last", "toy.set")
            )
        );

        var refused = stage.Rollback("more", "more");

        Assert.Equal(HaltCause.Boundary, refused.Reading.Halt!.Cause);
        Assert.Contains(
            "restoring 'save' for 'more' would take back 'wreck' too, which is to stand; go back further: belay rollback --to wreck",
            refused.Reading.Halt.Why,
            StringComparison.Ordinal
        );
        Assert.Equal("newer", stage.World["store"]);
        Assert.Equal(RunStatus.RolledBack, stage.Rollback(null, "more").Reading.Status);
        Assert.Equal("old", stage.World["store"]);
    }

    [Fact]
    public void The_plan_of_a_way_back_names_what_is_restored_what_that_covers_and_what_is_undone()
    {
        stage.World.Set("store", "old");
        stage.Start(
            PlanOf(
                Do("first", "toy.set"),
                Do("save", "toy.save", "store"),
                Do("wreck", "toy.wreck", "store", restore: "save"),
                Do("after", "toy.set", "store") with
                {
                    With = With("store", "newer"),
                },
                Do("last", "toy.set")
            )
        );

        var plan = PlanOf(stage.Reading, to: null);

        Assert.Equal(
            [
                new BackMove.Undo("last", "toy.set"),
                new BackMove.Undo("after", "toy.set"),
                new BackMove.Restore("wreck", "save"),
                new BackMove.Undo("save", "toy.save"),
                new BackMove.Undo("first", "toy.set"),
            ],
            plan.Moves
        );
        Assert.Empty(plan.Left);
        Assert.Empty(plan.Findings);
    }

    private BackPlan PlanOf(RunReading reading, string? to) => BackPlan.Of(reading, to, Toys.Catalog, stage.Store);

    private static Plan PlanOf(params ImmutableArray<Item> steps) => Stage.PlanOf(steps);

    private static SoakItem Soak(string id) =>
        new()
        {
            Id = id,
            Title = id,
            Time = TimeSpan.FromSeconds(2),
        };
}
