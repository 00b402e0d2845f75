using Belay.Connectors;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Rehearsal.Tests;

/// <summary>The way back as such: from every change on, all the way and to each step, with every fault on it.</summary>
public sealed class WayBackTests
{
    private static readonly Catalog Catalog = ConnectorList.Load();

    [Fact]
    public void The_storefront_is_taken_back_from_everywhere_whatever_fails_on_the_way()
    {
        var report = Play("storefront/upgrade.yaml");

        Assert.True(report.Violations.IsEmpty, string.Join("\n\n", report.Violations.Select(Plans.Text)));
        Assert.True(report.Kinds["halt"] > 10, $"{report.Kinds["halt"]} halts");
        Assert.Contains(report.Kinds.Keys, kind => kind == "halt then fail");
        Assert.Contains(report.Kinds.Keys, kind => kind == "halt then crash");
    }

    [Fact]
    public void A_way_back_that_harms_is_told_with_the_change_after_which_it_was_asked_for_and_plays_again()
    {
        var plan = Plans.Load("plans/restore-to-a-schema-that-the-new-code-cannot-read.wrong.yaml", Catalog);

        var told = Play("plans/restore-to-a-schema-that-the-new-code-cannot-read.wrong.yaml")
            .Violations.First(told => told.Violation!.Code == "outside-schema-window");
        var again = PlanRehearsal.Replay(plan, Catalog, 1, told.Story);

        Assert.StartsWith("start+halted:contract/rollback", told.Story, StringComparison.Ordinal);
        Assert.Contains(told.Lines, line => line.Words == "STORY: a person halts the run once 'contract' is done");
        Assert.Equal(told.Violation, again.Violation);
    }

    [Fact]
    public void A_run_is_taken_back_to_a_step_of_ones_choice_and_waits_there()
    {
        var plan = Plans.Load("storefront/upgrade.yaml", Catalog);
        var first = plan.AllItems().OfType<DoItem>().First().Id;

        var told = PlanRehearsal.Replay(plan, Catalog, 1, $"start+halted:{first}/rollback:{first}");

        Assert.Null(told.Violation);
        Assert.Equal($"the run is taken back up to '{first}'", told.Ending);
    }

    private static RehearsalReport Play(string plan) =>
        PlanRehearsal.PlayBack(
            Plans.Load(plan, Catalog),
            Catalog,
            seed: 1,
            pairs: false,
            TestContext.Current.CancellationToken
        );
}
