using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class UsedAfterDestroyTests
{
    [Fact]
    public void Use_before_the_end_passes() =>
        Assert.Empty(FindingsOf("used-after-destroy", Do("modify", "use"), Approve(), Do("destroy")));

    [Fact]
    public void A_check_may_prove_that_it_is_gone() =>
        Assert.Empty(FindingsOf("used-after-destroy", Approve(), Do("destroy"), Check()));

    [Fact]
    public void What_is_made_again_may_be_used() =>
        Assert.Empty(
            FindingsOf("used-after-destroy", Approve(), Do("destroy"), Do("create", "again"), Do("modify", "use"))
        );

    [Fact]
    public void Use_after_the_end_is_refused() =>
        Assert.Equal(
            "used-after-destroy use",
            FindingsOf("used-after-destroy", Approve(), Do("destroy"), Do("modify", "use"))
        );
}
