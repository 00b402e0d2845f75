using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class PeopleTests
{
    private readonly Stage stage = new();

    [Fact]
    public void An_approval_from_another_terminal_lets_the_run_go_on()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        Later(
            1,
            new ApproveRequest
            {
                By = "bert",
                Step = "gate",
                Covers = PlanJson.Hash(plan),
                Note = "looks right",
            }
        );

        var done = stage.Start(plan);

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal("looks right", Assert.Single(done.Reading.Find("gate")!.Approvals).Note);
    }

    [Fact]
    public void The_starter_may_not_approve_their_own_run()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        Later(
            1,
            new ApproveRequest
            {
                By = "anna",
                Step = "gate",
                Covers = PlanJson.Hash(plan),
            }
        );
        Later(5, new HaltRequest { By = "bert" });

        var halted = stage.Start(plan);

        Assert.Equal(RunStatus.Halted, halted.Reading.Status);
        Assert.Contains(stage.Store.Journal(Run), entry => entry.Event is RequestRefused { By: "anna" });
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void An_approval_of_another_plan_does_not_count()
    {
        Later(
            1,
            new ApproveRequest
            {
                By = "bert",
                Step = "gate",
                Covers = "another",
            }
        );
        Later(5, new HaltRequest { By = "bert" });

        stage.Start(PlanOf(Gate(), Do("a", "toy.set")));

        Assert.Contains(
            stage.Store.Journal(Run),
            entry => entry.Event is RequestRefused { Why: var why } && why.Contains("changed", StringComparison.Ordinal)
        );
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void Told_not_to_wait_the_run_halts_and_the_approval_counts_at_the_next_resume()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));

        var waiting = stage.Start(plan, wait: false);
        Assert.Equal(HaltCause.Waiting, waiting.Reading.Halt!.Cause);
        Later(
            0,
            new ApproveRequest
            {
                By = "bert",
                Step = "gate",
                Covers = PlanJson.Hash(plan),
            }
        );
        var done = stage.Resume(wait: false);

        Assert.Equal(RunStatus.Done, done.Reading.Status);
    }

    [Fact]
    public void A_mend_voids_the_approval_and_its_author_may_not_give_it_again()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        Later(
            1,
            new ApproveRequest
            {
                By = "bert",
                Step = "gate",
                Covers = PlanJson.Hash(plan),
            }
        );
        stage.World.Inject("a", Moment.BeforeEffect, Fault.Refused);
        stage.Start(plan);
        var mended = PlanOf(Gate(), Do("a", "toy.set", "elsewhere"));
        Later(
            1,
            new ApproveRequest
            {
                By = "carl",
                Step = "gate",
                Covers = PlanJson.Hash(mended),
            }
        );
        Later(
            5,
            new ApproveRequest
            {
                By = "dora",
                Step = "gate",
                Covers = PlanJson.Hash(mended),
            }
        );

        var done = stage.Resume(mended, by: "carl");

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal("dora", Assert.Single(done.Reading.Find("gate")!.Approvals).By);
    }

    [Fact]
    public void A_manual_step_keeps_who_did_it_and_what_they_wrote()
    {
        var plan = PlanOf(
            new ConfirmItem
            {
                Id = "call",
                Title = "call",
                Instructions = "Call the carrier",
            }
        );
        Later(
            1,
            new ConfirmRequest
            {
                By = "bert",
                Step = "call",
                Note = "they know",
            }
        );

        var done = stage.Start(plan);

        Assert.Equal(
            ("bert", "they know"),
            (done.Reading.Find("call")!.Confirmation!.By, done.Reading.Find("call")!.Confirmation!.Note)
        );
    }

    private static ApproveItem Gate() =>
        new()
        {
            Id = "gate",
            Title = "gate",
            By = "release-manager",
            Not = "starter",
        };

    private void Later(int minutes, RunRequest request) =>
        stage.Time.CreateTimer(
            _ => stage.Store.PutAsync(Run, request, default),
            null,
            TimeSpan.FromMinutes(minutes),
            Timeout.InfiniteTimeSpan
        );
}
