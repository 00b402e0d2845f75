using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

/// <summary>Loops over what an earlier step finds out: only that their members are different ones is known.</summary>
public sealed class UnknownMembersTests
{
    [Fact]
    public void Members_that_run_beside_each_other_are_judged_as_such()
    {
        var end = Final("end", Destroy("proc:${server.old}"));

        Assert.Equal("destroys-at-once end", FindingsOf("destroys-at-once", Over(batch: 2, end)));
        Assert.Empty(FindingsOf("destroys-at-once", Over(batch: 1, end)));
    }

    [Fact]
    public void What_one_member_ends_is_not_what_the_next_one_uses() =>
        Assert.Empty(
            FindingsOf(
                "used-after-destroy",
                Over(batch: 1, Exact("use", new Touch("proc:${server}", TouchKind.Modify)), End("proc:${server}"))
            )
        );

    [Fact]
    public void What_all_members_share_is_found_when_the_first_one_ends_it() =>
        Assert.Equal(
            "used-after-destroy use",
            FindingsOf(
                "used-after-destroy",
                Over(batch: 1, Exact("use", new Touch("proc:shared", TouchKind.Modify)), End("proc:shared"))
            )
        );

    [Fact]
    public void A_message_says_which_of_the_unknown_ones_is_meant() =>
        Assert.Contains(
            Lines(Plan(Over(batch: 2, Final("end", Destroy("proc:${server.old}"))))),
            line => line.Contains("'end@2' and 'end@3' destroy at the same time", StringComparison.Ordinal)
        );

    private static DoItem End(string resource) => Exact("end", Destroy(resource));

    private static EachItem Over(int batch, params Item[] steps) =>
        Each(["1"], [.. steps]) with
        {
            Over = JsonSerializer.SerializeToElement("${steps.list.servers}"),
            Batch = batch,
        };
}
