using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Domain.Tests.Readings;

public sealed class RunTreeTests
{
    private static readonly Plan Plan = new()
    {
        Upgrade = "shop",
        From = "1",
        To = "2",
        Environment = "default",
        Steps =
        [
            new PhaseItem
            {
                Id = "preflight",
                Title = "preflight",
                Steps = [Confirm("call"), Confirm("look")],
            },
            new EachItem
            {
                Id = "roll",
                Title = "roll",
                Variable = "server",
                Over = JsonElement.Parse("""["web1","web2"]"""),
                Steps = [Confirm("swap") with { Title = "drain shop/${server} for ${steps.count.sessions}" }],
            },
        ],
    };

    [Fact]
    public void Before_a_loop_begins_its_body_stands_once()
    {
        var roll = Of().Single(node => node.Id == "roll");

        Assert.Equal("swap", Assert.Single(roll.Children).Id);
        Assert.Equal(StepState.Waiting, roll.State);
    }

    [Fact]
    public void A_loop_that_began_has_a_node_for_each_member_with_its_own_steps()
    {
        var roll = Of(Loop(), new StepDone { Step = "swap@web1" }).Single(node => node.Id == "roll");

        Assert.Equal(["web1", "web2"], roll.Children.Select(member => member.Title));
        Assert.Equal(
            ["swap@web1", "swap@web2"],
            roll.Children.SelectMany(member => member.Children).Select(step => step.Id)
        );
        Assert.Equal([StepState.Done, StepState.Waiting], roll.Children.Select(member => member.State));
        Assert.Equal(StepState.Running, roll.State);
    }

    [Fact]
    public void A_title_names_the_member_that_its_step_is_about()
    {
        var roll = Of(Loop()).Single(node => node.Id == "roll");
        var before = Of().Single(node => node.Id == "roll");

        Assert.Equal(
            ["drain shop/web1 for ${steps.count.sessions}", "drain shop/web2 for ${steps.count.sessions}"],
            roll.Children.Select(member => member.Children[0].Title)
        );
        Assert.Equal("drain shop/${server} for ${steps.count.sessions}", before.Children[0].Title);
    }

    [Fact]
    public void A_member_that_was_set_aside_says_why_and_does_not_hold_its_loop_back()
    {
        var roll = Of(
                Loop(),
                new StepDone { Step = "swap@web1" },
                new MemberSetAside
                {
                    Step = "roll",
                    Member = "web2",
                    Why = "never healthy",
                }
            )
            .Single(node => node.Id == "roll");

        Assert.Equal("never healthy", roll.Children[1].SetAside);
        Assert.Equal(StepState.Done, roll.State);
    }

    [Fact]
    public void A_group_stands_as_the_thing_in_it_that_needs_a_person()
    {
        var preflight = Of(new StepDone { Step = "call" }, new StepInDoubt { Step = "look", Why = "?" })[0];

        Assert.Equal(StepState.InDoubt, preflight.State);
    }

    [Fact]
    public void A_step_that_a_mend_took_out_of_the_plan_comes_last()
    {
        var tree = Of(new StepDone { Step = "gone" });

        Assert.Equal(["preflight", "roll", "gone"], tree.Select(node => node.Id));
        Assert.Null(tree[^1].Item);
    }

    [Fact]
    public void All_nodes_come_in_the_order_of_the_plan_with_their_depth()
    {
        var all = Of(Loop()).SelectMany(node => node.All()).Select(entry => (entry.Node.Id, entry.Depth));

        Assert.Equal(
            [
                ("preflight", 0),
                ("call", 1),
                ("look", 1),
                ("roll", 0),
                ("roll@web1", 1),
                ("swap@web1", 2),
                ("roll@web2", 1),
                ("swap@web2", 2),
            ],
            all
        );
    }

    private static ImmutableArray<RunNode> Of(params JournalEvent[] happened)
    {
        var started = new RunStarted
        {
            Run = "r",
            Plan = Plan,
            PlanHash = PlanJson.Hash(Plan),
            PlanFile = "/plan.yaml",
            By = "alice",
            Host = "ops1",
            Version = "0.1.0",
        };
        var entries = happened
            .Prepend(started)
            .Select(
                (one, index) =>
                    JournalLine.Write(index + 1, DateTimeOffset.UnixEpoch, 1, JournalLine.Genesis, one).Entry
            );
        return RunTree.Of(RunReading.Of(entries));
    }

    private static EachStarted Loop() =>
        new() { Step = "roll", Members = [new LoopMember("web1", Name("web1")), new LoopMember("web2", Name("web2"))] };

    private static JsonElement Name(string name) => JsonElement.Parse($"\"{name}\"");

    private static ConfirmItem Confirm(string id) =>
        new()
        {
            Id = id,
            Title = id,
            Instructions = "do it",
        };
}
