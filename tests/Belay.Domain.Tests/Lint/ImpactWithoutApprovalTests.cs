using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class ImpactWithoutApprovalTests
{
    private static readonly DoItem Noticed = Do("modify") with
    {
        Impact = new Impact
        {
            Route = "shop",
            AtMost = TimeSpan.FromSeconds(60),
            Reason = "sessions are dropped",
        },
    };

    [Fact]
    public void An_approval_anywhere_before_it_passes() => Assert.Empty(Findings(Approve(), Soak(), Phase(Noticed)));

    [Fact]
    public void No_approval_is_refused() => Assert.Equal("impact-without-approval step", Findings(Noticed));

    [Fact]
    public void An_approval_after_it_is_too_late() =>
        Assert.Equal("impact-without-approval step", Findings(Noticed, Approve()));
}
