using Belay.Connectors;

namespace Belay.Rehearsal.Tests;

/// <summary>The example's own plan.</summary>
public sealed class StorefrontTests
{
    [Fact]
    public void The_storefront_is_upgraded_or_taken_back_whatever_fails()
    {
        var catalog = ConnectorList.Load();
        var plan = Plans.Load("storefront/upgrade.yaml", catalog);

        var report = PlanRehearsal.Play(plan, catalog, seed: 1, pairs: false, TestContext.Current.CancellationToken);

        Assert.True(report.Violations.IsEmpty, string.Join("\n\n", report.Violations.Select(Plans.Text)));
        Assert.True(report.Stories > 300, $"{report.Stories} stories");
    }

    [Fact]
    public void The_same_seed_gives_the_same_stories()
    {
        var catalog = ConnectorList.Load();
        var plan = Plans.Load("storefront/upgrade.yaml", catalog);

        var first = PlanRehearsal.Play(plan, catalog, seed: 7, pairs: false, TestContext.Current.CancellationToken);
        var second = PlanRehearsal.Play(plan, catalog, seed: 7, pairs: false, TestContext.Current.CancellationToken);

        Assert.Equal(first.Kinds, second.Kinds);
        Assert.Equal(first.Folded, second.Folded);
    }
}
