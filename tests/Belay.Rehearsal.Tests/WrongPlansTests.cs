using System.Collections.Immutable;
using Belay.Connectors;
using Belay.Domain.Lint;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Rehearsal.Tests;

/// <summary>Plausible wrong plans beside their corrected twins. Who catches which, and by what, stands in <c>plans/expected.txt</c>.</summary>
public sealed class WrongPlansTests
{
    private static readonly Catalog Catalog = ConnectorList.Load();

    public static TheoryData<string> Names => [.. Expectation.All.Select(expectation => expectation.Plan)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_plan_is_caught_by_whom_the_list_says(string name)
    {
        var expected = Expectation.All.Single(expectation => expectation.Plan == name);
        var plan = Plans.Load($"plans/{name}.wrong.yaml", Catalog);

        var seen = new Expectation(name, Lint(plan), Violations(plan));

        Assert.True(
            expected.Lint.SetEquals(seen.Lint) && expected.Rehearsal.SetEquals(seen.Rehearsal),
            $"the line in plans/expected.txt is\n  {expected}\nand should be\n  {seen}"
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_corrected_twin_passes_both(string name)
    {
        var plan = Plans.Load($"plans/{name}.right.yaml", Catalog);

        Assert.Empty(Lint(plan));
        var report = PlanRehearsal.Play(plan, Catalog, seed: 1, pairs: false, TestContext.Current.CancellationToken);
        Assert.True(report.Violations.IsEmpty, string.Join("\n\n", report.Violations.Select(Plans.Text)));
    }

    [Fact]
    public void At_least_twenty_wrong_plans_are_caught_and_ten_of_them_by_rehearsal_alone()
    {
        Assert.All(
            Expectation.All,
            expectation => Assert.True(expectation.Lint.Count + expectation.Rehearsal.Count > 0, expectation.Plan)
        );
        Assert.True(Expectation.All.Length >= 20);
        Assert.True(Expectation.All.Count(expectation => expectation.Lint.IsEmpty) >= 10);
    }

    [Fact]
    public void Every_plan_in_the_folder_is_in_the_list() =>
        Assert.Equal(
            Directory
                .EnumerateFiles(Plans.PathOf("plans"), "*.wrong.yaml")
                .Select(path => Path.GetFileName(path)[..^".wrong.yaml".Length])
                .Order(),
            Expectation.All.Select(expectation => expectation.Plan).Order()
        );

    private static ImmutableSortedSet<string> Lint(Plan plan) =>
        [.. Linter.Lint(plan, Catalog).Select(finding => finding.Code)];

    private static ImmutableSortedSet<string> Violations(Plan plan)
    {
        try
        {
            var report = PlanRehearsal.Play(
                plan,
                Catalog,
                seed: 1,
                pairs: false,
                TestContext.Current.CancellationToken
            );
            return [.. report.Violations.Select(told => told.Violation!.Code)];
        }
        catch (RehearsalException)
        {
            return ["cannot-be-rehearsed"];
        }
    }
}
