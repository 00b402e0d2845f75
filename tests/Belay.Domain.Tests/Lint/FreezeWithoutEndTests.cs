using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class FreezeWithoutEndTests
{
    [Fact]
    public void A_freeze_with_a_deadline_passes() => Assert.Empty(Findings(Freeze(TimeSpan.FromMinutes(5), Soak())));

    [Fact]
    public void An_operation_that_freezes_for_its_own_work_passes() => Assert.Empty(Findings(Do("cut-over")));

    [Fact]
    public void A_freeze_without_a_deadline_is_refused() =>
        Assert.Equal("freeze-without-end during", Findings(Freeze(null, Soak())));

    [Fact]
    public void A_step_that_only_freezes_is_refused_outside_of_a_during() =>
        Assert.Equal("freeze-without-end step", Findings(Do("freeze")));

    [Fact]
    public void Nobody_is_waited_for_under_a_freeze() =>
        Assert.Equal("freeze-waits during", Findings(Freeze(TimeSpan.FromSeconds(5), Approve())));

    [Fact]
    public void A_soak_longer_than_the_freeze_is_refused() =>
        Assert.Equal("freeze-waits during", Findings(Freeze(TimeSpan.FromSeconds(5), Soak())));
}
