using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
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
        Approve(1, "bert", "looks right");

        var done = stage.Start(plan);

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal("looks right", Assert.Single(done.Reading.Find("gate")!.Approvals).Note);
    }

    [Fact]
    public void The_starter_may_not_approve_their_own_run()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        Approve(1, "anna");
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
        Approve(0, "bert");
        var done = stage.Resume(wait: false);

        Assert.Equal(RunStatus.Done, done.Reading.Status);
    }

    [Fact]
    public void A_mend_voids_the_approval_and_its_author_may_not_give_it_again()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        Approve(1, "bert");
        stage.World.Inject("a", Moment.BeforeEffect, Fault.Refused);
        stage.Start(plan);
        var mended = PlanOf(Gate(), Do("a", "toy.set", "elsewhere"));
        Approve(1, "carl");
        Approve(5, "dora");

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

    [Fact]
    public void An_approval_shows_what_each_later_change_would_do_and_what_may_still_change()
    {
        Approve(1, "bert");

        var done = stage.Start(
            PlanOf(
                Do("first", "toy.set"),
                Gate(),
                Do("a", "toy.set"),
                Do("again", "toy.post", "a"),
                Do("first-again", "toy.set", "first")
            )
        );

        Assert.Equal(
            ["a Differs a: -> new", "again Differs a: -> posted after a", "first-again Done"],
            done.Reading.Find("gate")!.Requested!.Foreseen!.Value.Select(Words)
        );
    }

    [Fact]
    public void What_cannot_be_observed_is_shown_as_unknown_and_binds_nobody()
    {
        stage.World.Inject("a", Moment.Observe, Fault.Refused);
        Approve(1, "bert");

        var done = stage.Start(PlanOf(Gate(), Do("a", "toy.set")));

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal(
            ["a Unknown: simulated at Observe"],
            done.Reading.Find("gate")!.Requested!.Foreseen!.Value.Select(Words)
        );
    }

    [Fact]
    public void A_change_that_would_do_more_than_was_approved_is_not_begun_and_is_approved_anew()
    {
        stage.World.Set("a", "new");
        Approve(1, "bert");
        // Somebody else alters the target between the approval and its step.
        At(2, () => stage.World.Set("a", "theirs"));
        var plan = PlanOf(Gate(), Soak(5), Do("a", "toy.set"));

        var halted = stage.Start(plan);

        Assert.Equal(HaltCause.Drifted, halted.Reading.Halt!.Cause);
        Assert.Contains("now: a: theirs → new; approved: nothing", halted.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Contains(
            stage.Store.Journal(Run),
            entry => entry.Event is DifferenceGrew { Step: "a", Approval: "gate" }
        );
        Assert.Empty(stage.World.Effects);

        Approve(1, "bert");
        var done = stage.Resume();

        Assert.Equal(RunStatus.Done, done.Reading.Status);
        Assert.Equal("new", stage.World["a"]);
    }

    [Fact]
    public void A_value_that_moves_by_itself_is_no_other_difference()
    {
        var shown = new ForeseenChange
        {
            Step = "drain",
            Operation = "toy.set",
            Reversal = Reversal.Exact,
            Outlook = Outlook.Differs,
            Difference =
            [
                new DifferenceLine("sessions", "12 now", "0") { Moves = true },
                new DifferenceLine("file", null, "new"),
            ],
        };

        Assert.Empty(
            shown.Grown(Difference.Of(Reversal.Exact, new DifferenceLine("sessions", "9 now", "0") { Moves = true }))
        );
        Assert.Single(
            shown.Grown(Difference.Of(Reversal.Exact, new DifferenceLine("file", "of somebody else", "new")))
        );
    }

    [Fact]
    public void An_approval_of_differences_that_changed_meanwhile_does_not_count()
    {
        var plan = PlanOf(Gate(), Do("a", "toy.set"));
        stage.World.Set("a", "new");
        stage.Start(plan, wait: false);
        Approve(0, "bert");
        stage.World.Set("a", "theirs");

        var halted = stage.Resume(wait: false);

        Assert.Equal(HaltCause.Waiting, halted.Reading.Halt!.Cause);
        Assert.Contains(stage.Store.Journal(Run), entry => entry.Event is RequestRefused { By: "bert" });
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void An_approval_inside_a_group_that_is_done_is_asked_for_again_once_it_is_voided()
    {
        Approve(1, "bert");
        // Somebody else alters the target between the approval and its step.
        At(2, () => stage.World.Set("a", "theirs"));
        var plan = PlanOf(
            new DuringItem
            {
                Id = "hold",
                Title = "hold",
                Mode = DuringMode.Hold,
                Condition = Do("hold.condition", "toy.set"),
                Steps = [Gate()],
            },
            Soak(5),
            Do("a", "toy.set")
        );
        var halted = stage.Start(plan);
        Assert.Equal(HaltCause.Drifted, halted.Reading.Halt!.Cause);

        var waiting = stage.Resume(wait: false);

        Assert.Equal(HaltCause.Waiting, waiting.Reading.Halt!.Cause);
        Assert.Equal("gate", waiting.Reading.Halt.Step);
        // Asked for and not given: a further resume goes on asking.
        Assert.Equal(HaltCause.Waiting, stage.Resume(wait: false).Reading.Halt!.Cause);
        Assert.Equal("theirs", stage.World["a"]);
        Approve(1, "dora");
        Assert.Equal(RunStatus.Done, stage.Resume().Reading.Status);
    }

    [Fact]
    public void A_mend_voids_the_approvals_of_a_loops_members_too()
    {
        var loop = Each("loop", Gate());
        Approve(1, "bert", step: "gate@m1");
        stage.World.Inject("a", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(loop, Do("a", "toy.set")));

        var halted = stage.Resume(PlanOf(loop, Do("a", "toy.set", "elsewhere")), wait: false);

        Assert.Equal(HaltCause.Waiting, halted.Reading.Halt!.Cause);
        Assert.Empty(stage.World.Effects);
    }

    private static EachItem Each(string id, params ImmutableArray<Item> steps) =>
        new()
        {
            Id = id,
            Title = id,
            Variable = "member",
            Over = JsonElement.Parse("""["m1"]"""),
            Steps = steps,
        };

    private static string Words(ForeseenChange change) =>
        $"{change.Step} {change.Outlook}"
        + string.Concat((change.Difference ?? []).Select(line => $" {line.What}:{line.From} -> {line.To}"))
        + (change.Why is null ? "" : $": {change.Why}")
        + (change.After is null ? "" : $" after {change.After}");

    private static SoakItem Soak(int minutes) =>
        new()
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(minutes),
        };

    /// <summary>Somebody approves what the run shows them then.</summary>
    private void Approve(int minutes, string by, string? note = null, string step = "gate")
    {
        // What is shown now and lies still is approved as it is, whatever becomes of it before the request is taken in.
        var now = minutes == 0 ? Shown() : null;
        At(
            minutes,
            () =>
                stage.Store.PutAsync(
                    Run,
                    new ApproveRequest
                    {
                        By = by,
                        Step = step,
                        Note = note,
                        Covers = now ?? Shown(),
                    },
                    default
                )
        );
    }

    private string Shown() =>
        stage.Store.Journal(Run).Select(entry => entry.Event).OfType<ApprovalRequested>().Last().Covers;

    private static ApproveItem Gate() =>
        new()
        {
            Id = "gate",
            Title = "gate",
            By = "release-manager",
            Not = "starter",
        };

    private void Later(int minutes, RunRequest request) =>
        At(minutes, () => stage.Store.PutAsync(Run, request, default));

    private void At(int minutes, Action what) =>
        stage.Time.CreateTimer(_ => what(), null, TimeSpan.FromMinutes(minutes), Timeout.InfiniteTimeSpan);
}
