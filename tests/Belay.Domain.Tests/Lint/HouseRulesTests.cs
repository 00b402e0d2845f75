using Belay.Domain.Environments;
using Belay.Domain.Lint;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class HouseRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_a_person_accepts_is_no_finding_and_is_told()
    {
        var judgement = Judge(Accepts("never-unguarded", "2026-11-21"), Final("step2"));

        Assert.DoesNotContain(judgement.Findings, finding => finding.Code == "never-unguarded");
        var risk = Assert.Single(judgement.Accepted);
        Assert.Equal(
            "'step2' cannot be taken back, and nothing guards it [never-unguarded]: accepted by jana until 2026-11-21: a test",
            risk.ToString()
        );
    }

    [Fact]
    public void An_acceptance_ends_with_its_last_day()
    {
        var judgement = Judge(Accepts("never-unguarded", "2026-11-20"), Final("step2"));

        Assert.Equal("never-unguarded", Assert.Single(judgement.Refusals).Code);
        Assert.Contains(
            judgement.Findings,
            finding => finding is { Code: "accept-expired", Severity: Severity.Warning }
        );
    }

    [Theory]
    [InlineData("2026-11-20", false)]
    [InlineData("2026-11-21", true)]
    public void What_was_accepted_for_a_while_must_be_accepted_when_a_run_goes_on(string until, bool goesOn)
    {
        var accepted = Judge(Accepts("never-unguarded", "2026-11-21"), Final("step2")).Accepted;

        var judgement = Linter.JudgeGoingOn(
            Plan(Final("step2")),
            accepted,
            new HouseRules { Acceptances = [Accepts("never-unguarded", until)] },
            Now
        );

        Assert.Equal(goesOn, judgement.Refusals.IsEmpty);
        Assert.Equal(goesOn, !judgement.Accepted.IsEmpty);
        if (!goesOn)
            Assert.Contains(
                "jana accepted it until 2026-11-21",
                judgement.Refusals[0].ToString(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void An_acceptance_of_one_step_is_none_of_another() =>
        Assert.Equal(
            "never-unguarded",
            Assert.Single(Judge(Accepts("never-unguarded", "2027-01-01"), Final("other")).Refusals).Code
        );

    [Fact]
    public void A_closed_window_refuses_a_start_and_only_warns_a_reader()
    {
        var house = new HouseRules
        {
            Policies = new Policies
            {
                Calendar = new ChangeCalendar
                {
                    Windows =
                    [
                        new ChangeWindow
                        {
                            Days = [DayOfWeek.Monday],
                            From = new TimeOnly(9, 0),
                            To = new TimeOnly(16, 0),
                            Zone = TimeZoneInfo.Utc,
                        },
                    ],
                },
            },
        };

        Assert.Equal(
            "policy-window",
            Assert.Single(Linter.Judge(Plan(Soak()), Catalog, house, Now, starts: true).Refusals).Code
        );
        Assert.Empty(Linter.Judge(Plan(Soak()), Catalog, house, Now, starts: false).Refusals);
        Assert.Equal("policy-window", Assert.Single(Linter.JudgeGoingOn(Plan(Soak()), [], house, Now).Refusals).Code);
    }

    [Theory]
    [InlineData("redis:*", "redis:cache", true)]
    [InlineData("redis:cache", "redis:cache-old", false)]
    [InlineData("*:cache-*", "process:cache-old", true)]
    [InlineData("process:cache-old", "process:${steps.find.name}", true)]
    [InlineData("process:cache-old", "redis:${steps.find.name}", false)]
    [InlineData("process:cache-old", "process:${steps.find.name}-new", false)]
    [InlineData("", "redis:cache", false)]
    public void What_is_protected_is_not_ended_under_any_name_that_it_may_have(
        string pattern,
        string name,
        bool fits
    ) =>
        Assert.Equal(
            fits,
            Linter
                .Judge(
                    Plan(Final("end", Destroy(name))),
                    Catalog,
                    new HouseRules { Policies = new Policies { Protected = [pattern] } },
                    Now,
                    starts: true
                )
                .Refusals.Any(finding => finding.Code == "policy-protected")
        );

    private static Judgement Judge(Acceptance acceptance, params Plans.Item[] steps) =>
        Linter.Judge(Plan([.. steps]), Catalog, new HouseRules { Acceptances = [acceptance] }, Now, starts: true);

    private static Acceptance Accepts(string code, string until) =>
        new()
        {
            Code = code,
            Step = "step2",
            By = "jana",
            Reason = "a test",
            Until = DateOnly.ParseExact(until, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        };
}
