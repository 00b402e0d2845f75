using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class NeverUnguardedTests
{
    [Fact]
    public void An_approval_directly_before_it_guards() =>
        Assert.Empty(FindingsOf("never-unguarded", Approve(), Do("destroy")));

    [Fact]
    public void A_check_and_a_soak_directly_before_it_guard() =>
        Assert.Empty(FindingsOf("never-unguarded", Check(), Soak(), Do("destroy")));

    [Fact]
    public void The_gate_may_end_the_phase_before() =>
        Assert.Empty(FindingsOf("never-unguarded", Phase(Check(), Soak()), Phase(Do("destroy"))));

    [Fact]
    public void Several_that_follow_each_other_share_the_gate() =>
        Assert.Empty(FindingsOf("never-unguarded", Approve(), Do("destroy", "one"), Do("destroy", "two", "store:b")));

    [Fact]
    public void Checks_at_the_same_time_guard_together() =>
        Assert.Empty(FindingsOf("never-unguarded", Parallel(Check(), Soak()), Do("destroy")));

    [Fact]
    public void A_freeze_around_it_does_not_open_the_gate() =>
        Assert.Empty(FindingsOf("never-unguarded", Approve(), Freeze(TimeSpan.FromSeconds(5), Do("destroy"))));

    [Fact]
    public void Nothing_before_it_is_no_guard() =>
        Assert.Equal("never-unguarded step", FindingsOf("never-unguarded", Do("destroy")));

    [Fact]
    public void A_check_alone_is_no_guard() =>
        Assert.Equal("never-unguarded step", FindingsOf("never-unguarded", Check(), Do("destroy")));

    [Fact]
    public void Another_change_between_opens_the_gate() =>
        Assert.Equal(
            "never-unguarded step",
            FindingsOf("never-unguarded", Approve(), Do("create", "other", "store:b"), Do("destroy"))
        );

    [Fact]
    public void A_change_at_the_same_time_as_the_checks_opens_the_gate() =>
        Assert.Equal(
            "never-unguarded step",
            FindingsOf(
                "never-unguarded",
                Parallel(Check(), Phase(Soak(), Do("create", "other", "store:b"))),
                Do("destroy")
            )
        );

    [Fact]
    public void A_confirmation_is_no_gate() =>
        Assert.Contains(
            Lines(Plan(Confirm(), Do("destroy"))),
            line => line.Contains("only a confirmation stands before it", StringComparison.Ordinal)
        );
}
