using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class ResumeTests
{
    private readonly Stage stage = new();

    [Fact]
    public void A_death_at_any_write_of_the_journal_doubles_nothing_and_loses_nothing()
    {
        var plan = PlanOf(Do("a", "toy.set"), Do("b", "toy.post"), Do("c", "toy.pair"));
        for (var at = 3; ; at++)
        {
            var life = new Stage();
            life.Store.DieAt = at;
            life.Start(plan);
            if (!life.Store.IsDead)
                break;
            life.Store.Revive();

            var done = life.Resume();

            Assert.Equal(RunStatus.Done, done.Reading.Status);
            Assert.Equal(["apply a", "apply b", "apply c", "apply second c"], life.World.Effects);
        }
    }

    [Fact]
    public void A_mended_plan_goes_on_at_the_failed_step_and_says_what_changed()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set")));

        var done = stage.Resume(PlanOf(Do("a", "toy.set"), Do("b", "toy.set", "elsewhere"), Do("c", "toy.set")));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal(["apply a", "apply b", "apply c"], stage.World.Effects);
        var resumed = stage.Store.Journal(Run).Select(entry => entry.Event).OfType<RunResumed>().Single();
        Assert.Equal(["changed b: b", "added c: c"], resumed.Changes);
    }

    [Fact]
    public void Work_that_somebody_took_away_meanwhile_halts_the_resume()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set")));
        stage.World.Set("a", "somebody else's");

        var halted = stage.Resume();

        Assert.Equal(HaltCause.Drifted, halted.Reading.Halt!.Cause);
        Assert.Equal("a", halted.Reading.Halt.Step);
        Assert.Null(stage.World["b"]);
    }

    [Fact]
    public void A_change_that_a_later_one_overtook_is_not_asked_again()
    {
        stage.World.Inject("c", Moment.BeforeEffect, Fault.Refused);
        var later = Do("b", "toy.set") with { With = With("a", "later") };
        stage.Start(PlanOf(Do("a", "toy.set"), later, Do("c", "toy.set")));

        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_holder_whose_lease_was_taken_starts_no_effect()
    {
        var soak = new SoakItem
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(1),
        };
        using var thief = stage.Time.CreateTimer(
            _ => stage.Store.StealLease(),
            null,
            TimeSpan.FromSeconds(20),
            Timeout.InfiniteTimeSpan
        );

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), soak, Do("b", "toy.set")));

        Assert.NotNull(outcome.Problem);
        Assert.Equal(["apply a"], stage.World.Effects);
        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_second_run_waits_until_the_first_is_closed()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        var plan = PlanOf(Do("a", "toy.set"), Do("b", "toy.set"));
        stage.Start(plan);

        var refused = Assert.Throws<OrderRefusedException>(() => stage.Start(plan));

        Assert.Contains("belay resume", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_was_set_back_is_told_and_harms_nothing()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set")));
        stage.Time.Skew = -TimeSpan.FromHours(3);

        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
        Assert.Contains(stage.Store.Journal(Run), entry => entry.Event is ClockSetBack);
    }

    [Fact]
    public void Ctrl_C_halts_at_a_safe_point_and_the_run_goes_on_from_there()
    {
        using var halt = new CancellationTokenSource(TimeSpan.FromMilliseconds(3), stage.Time);

        var halted = stage.StartHaltable(PlanOf(Do("a", "toy.set"), Do("b", "toy.set")), wait: true, halt.Token);

        Assert.Equal(HaltCause.Asked, halted.Reading.Halt!.Cause);
        Assert.Equal(["apply a"], stage.World.Effects);
        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_halt_from_another_terminal_is_journaled_with_its_words()
    {
        var soak = new SoakItem
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromHours(1),
        };
        Later(TimeSpan.FromMinutes(1), new HaltRequest { By = "bert", Note = "phones ring" });

        var halted = stage.Start(PlanOf(Do("a", "toy.set"), soak));

        Assert.Contains("bert asked to halt: phones ring", halted.Reading.Halt!.Why, StringComparison.Ordinal);
    }

    private void Later(TimeSpan after, RunRequest request) =>
        stage.Time.CreateTimer(_ => stage.Store.PutAsync(Run, request, default), null, after, Timeout.InfiniteTimeSpan);
}
