using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class RolloutTests
{
    private static readonly string[] Servers = ["a", "b", "c"];

    private static readonly Item[] Attach =
    [
        Exact("start", new Touch("process:new-${server}", TouchKind.Create)),
        Look("ok", "process:new-${server}", Proof.Serves),
        Exact("attach", RouteTo("lb:shop/new-${server}")),
        Soak(),
    ];

    private static readonly Item[] Leave =
    [
        Exact("drain", RouteAway("lb:shop/old-${server}")),
        Exact("stop", Destroy("process:old-${server}")),
    ];

    private static readonly DoItem Expand = Exact("expand", Migrate(2));

    private static readonly DoItem Contract = Exact("contract", Migrate(3));

    [Fact]
    public void The_whole_way_passes() =>
        Assert.Empty(Findings(Expand, Each(Servers, [.. Attach, .. Leave]), Contract));

    [Fact]
    public void New_code_before_its_schema_is_refused() =>
        Assert.Equal(
            "code-before-schema start, code-before-schema attach",
            Findings(Each(Servers, [.. Attach, .. Leave]), Expand)
        );

    [Fact]
    public void A_schema_that_the_old_release_cannot_live_with_waits_for_its_last_member() =>
        Assert.Equal(
            "schema-leaves-release contract",
            Findings(Expand, Each(Servers, [.. Attach]), Contract, Each(Servers, [.. Leave]) with { Id = "leave" })
                .Split(", ")[0]
        );

    [Fact]
    public void A_schema_that_the_old_release_cannot_live_with_needs_that_it_leaves_at_all() =>
        Assert.Equal("schema-leaves-release contract", Findings(Expand, Each(Servers, [.. Attach]), Contract));

    [Fact]
    public void A_schema_beyond_the_new_release_is_refused() =>
        Assert.Equal(
            "schema-leaves-release contract",
            Findings(Expand, Each(Servers, [.. Attach, .. Leave]), Exact("contract", Migrate(4)))
        );

    [Fact]
    public void A_migration_at_the_same_time_is_not_done_before() =>
        Assert.StartsWith(
            "code-before-schema",
            Findings(Parallel(Expand, Each(Servers, [.. Attach, .. Leave]))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_member_that_nobody_drained_is_not_stopped() =>
        Assert.Equal(
            "not-drained stop",
            Findings(
                Expand,
                Each(
                    Servers,
                    [.. Attach, Exact("drain", new Touch("lb:shop/old-${server}", TouchKind.RouteAway)), Leave[1]]
                )
            )
        );

    [Fact]
    public void Each_member_is_judged_for_itself() =>
        Assert.Equal(
            "not-drained stop",
            Findings(
                Expand,
                Each(Servers, [.. Attach]),
                Each(["a", "b"], Leave[0], Soak()) with
                {
                    Id = "drains",
                },
                Each(Servers, Leave[1], Check()) with
                {
                    Id = "stops",
                },
                Exact("late", RouteAway("lb:shop/old-c"))
            )
        );

    [Fact]
    public void What_users_will_notice_by_consent_may_be_cut_off() =>
        Assert.Empty(
            Findings(
                Approve(),
                Expand,
                Each(
                    Servers,
                    [
                        .. Attach,
                        Exact("drain", new Touch("lb:shop/old-${server}", TouchKind.RouteAway)),
                        Leave[1] with
                        {
                            Impact = Noticed,
                        },
                    ]
                )
            )
        );

    [Fact]
    public void A_new_member_gets_no_traffic_before_somebody_looked_at_it() =>
        Assert.Equal(
            "route-unproven attach",
            Findings(Expand, Each(Servers, [Attach[0], Attach[2], Attach[3], .. Leave]))
        );

    [Fact]
    public void A_loop_that_moves_traffic_needs_a_canary() =>
        Assert.Equal("no-canary each", Findings(Expand, Each(Servers, [.. Attach, .. Leave]) with { Canary = 0 }));

    [Fact]
    public void A_canary_without_a_gate_is_none() =>
        Assert.Equal(
            "no-canary each",
            Findings(Expand, Each(Servers, [Look("ok", "lb:shop/new-${server}", Proof.Serves), Attach[2], .. Leave]))
        );

    [Fact]
    public void All_the_rest_at_once_is_refused() =>
        Assert.Equal(
            "whole-group-at-once each",
            Findings(Expand, Each(Servers, [.. Attach, .. Leave]) with { Batch = 2 })
        );

    [Fact]
    public void One_member_needs_no_canary() =>
        Assert.Empty(Findings(Expand, Each(["a"], [.. Attach, .. Leave]) with { Canary = 0 }));

    [Fact]
    public void Members_that_may_be_set_aside_still_need_the_old_schema() =>
        Assert.Equal(
            "set-aside-before-final contract",
            Findings(Expand, Each(Servers, [.. Attach, .. Leave]) with { Tolerate = 1 }, Contract)
        );

    [Fact]
    public void A_loop_over_what_only_the_run_knows_is_judged_as_for_one_member() =>
        Assert.Equal(
            "not-drained stop",
            Findings(
                Expand,
                Each(
                    Servers,
                    [.. Attach, Exact("drain", new Touch("lb:shop/old-${server}", TouchKind.RouteAway)), Leave[1]]
                ) with
                {
                    Over = JsonSerializer.SerializeToElement("${steps.list.servers}"),
                }
            )
        );

    private static readonly Impact Noticed = new()
    {
        Route = "shop",
        AtMost = TimeSpan.FromSeconds(5),
        Reason = "sessions are dropped",
    };
}
