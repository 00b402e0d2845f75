using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

/// <summary>What was proven an hour ago is judged again before something is done that cannot be taken back.</summary>
public sealed class ProofsTests
{
    private readonly Stage stage = new();

    [Fact]
    public void A_store_that_is_used_again_after_the_proof_of_disuse_is_not_destroyed()
    {
        stage.World.Set("users", "none");
        At(5, () => stage.World.Set("users", "somebody"));

        var halted = stage.Start(PlanOf(Idle(), Soak(10), Do("end", "toy.end", "users")));

        Assert.Equal(HaltCause.CheckFailed, halted.Reading.Failure?.Cause ?? halted.Reading.Halt!.Cause);
        Assert.Equal(StepState.Failed, halted.Reading.Find("idle")!.State);
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void After_that_a_resume_asks_the_proof_again_from_the_beginning()
    {
        stage.World.Set("users", "none");
        At(5, () => stage.World.Set("users", "somebody"));
        stage.Start(PlanOf(Do("first", "toy.set"), Idle(), Soak(10), Do("end", "toy.end", "users")));
        stage.World.Set("users", "none");

        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_proof_before_a_loop_guards_what_the_loop_destroys_under_its_own_name()
    {
        stage.World.Set("users", "none");
        At(5, () => stage.World.Set("users", "somebody"));
        var loop = new EachItem
        {
            Id = "each",
            Title = "each",
            Variable = "server",
            Over = System.Text.Json.JsonElement.Parse("""["s1"]"""),
            Steps = [Do("end", "toy.end", "users")],
        };

        var halted = stage.Start(PlanOf(Do("first", "toy.set"), Idle(), Soak(10), loop));

        Assert.Equal(HaltCause.CheckFailed, halted.Reading.Halt!.Cause);
        Assert.Equal(StepState.Failed, halted.Reading.Find("idle")!.State);
        Assert.Null(halted.Reading.Find("idle@s1"));
        Assert.Equal(["apply first"], stage.World.Effects);
    }

    [Fact]
    public void A_proof_of_another_store_guards_nothing()
    {
        stage.World.Set("users", "none");
        At(5, () => stage.World.Set("users", "somebody"));

        var done = stage.Start(PlanOf(Idle(), Do("between", "toy.set"), Soak(10), Do("end", "toy.end", "other")));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
    }

    [Theory]
    [InlineData(25, null, false)]
    [InlineData(23, null, true)]
    [InlineData(23, 6, false)]
    [InlineData(25, 48, true)]
    public void A_backup_has_a_greatest_age_when_a_change_relies_on_it(int hours, int? most, bool goesOn)
    {
        var wreck = Do("wreck", "toy.wreck", "store", restore: "save") with
        {
            BackupAge = most is { } age ? TimeSpan.FromHours(age) : null,
        };

        var ended = stage.Start(PlanOf(Do("save", "toy.save", "store"), Soak(hours * 60), wreck));

        Assert.Equal(goesOn ? RunStatus.Done : RunStatus.Halted, ended.Reading.Status);
        Assert.Equal(goesOn, stage.World.Effects.Contains("apply wreck"));
        if (!goesOn)
            Assert.Contains("the backup 'save' is", ended.Reading.Halt!.Why, StringComparison.Ordinal);
    }

    private static CheckItem Idle() =>
        new()
        {
            Id = "idle",
            Title = "idle",
            Operation = "toy.idle",
            With = With("users", "none"),
        };

    private static SoakItem Soak(int minutes) =>
        new()
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(minutes),
        };

    private void At(int minutes, Action what) =>
        stage.Time.CreateTimer(_ => what(), null, TimeSpan.FromMinutes(minutes), Timeout.InfiniteTimeSpan);
}
