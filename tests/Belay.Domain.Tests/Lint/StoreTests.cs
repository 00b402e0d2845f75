using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class StoreTests
{
    private static readonly DoItem Copy = Exact(
        "copy",
        new Touch("redis:new", TouchKind.Modify) { Copies = "redis:old" }
    );

    private static readonly CheckItem Same = Look(
        "same",
        new Touch("redis:new", TouchKind.Read) { Copies = "redis:old", Proves = Proof.Same }
    );

    private static readonly Touch Route = RouteTo("redis:new") with { Writer = "new" };

    private static readonly DoItem CutOver = Exact(
        "cut-over",
        new Touch("redis:old", TouchKind.Freeze),
        new Touch("redis:old", TouchKind.RouteAway),
        Route
    );

    [Fact]
    public void A_copy_that_was_compared_may_take_over() => Assert.Empty(Findings(Copy, Same, CutOver));

    [Fact]
    public void A_copy_that_nobody_compared_may_not() =>
        Assert.Equal("copy-not-proven cut-over", Findings(Copy, CutOver));

    [Fact]
    public void A_comparison_before_the_copy_says_nothing() =>
        Assert.Equal("copy-not-proven cut-over", Findings(Same, Copy, CutOver));

    [Fact]
    public void The_old_store_must_not_go_on_taking_writes() =>
        Assert.Equal("two-writers switch", Findings(Copy, Same, Exact("switch", Route)));

    [Fact]
    public void A_freeze_around_the_switch_is_enough() =>
        Assert.Empty(
            Findings(
                Copy,
                Same,
                Freeze(TimeSpan.FromSeconds(5), Exact("switch", Route)) with
                {
                    Condition = Exact("condition", new Touch("redis:old", TouchKind.Freeze)),
                }
            )
        );

    [Fact]
    public void Two_steps_at_once_give_it_two_writers() =>
        Assert.Equal(
            "two-writers b",
            Findings(Parallel(Exact("a", Route with { Writer = "a" }), Exact("b", Route with { Writer = "b" })))
        );
}
