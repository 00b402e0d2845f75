using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class DestroyTests
{
    private static readonly Item[] Proof = [Look("idle", "redis:old", Contract.Proof.Idle), Soak()];

    [Fact]
    public void What_was_proven_idle_and_soaked_may_end() =>
        Assert.Empty(Findings([.. Proof, Final("end", Destroy("process:old"))]));

    [Fact]
    public void A_soak_alone_proves_nobody_away() =>
        Assert.Equal("decommission-unproven end", Findings(Approve(), Soak(), Final("end", Destroy("redis:old"))));

    [Fact]
    public void A_proof_before_another_change_is_too_old() =>
        Assert.Equal(
            "decommission-unproven end",
            Findings([
                .. Proof,
                Exact("other", new Touch("file:a", TouchKind.Modify)),
                Approve(),
                Final("end", Destroy("redis:old")),
            ])
        );

    [Fact]
    public void What_the_plan_made_for_itself_may_end_without_a_proof() =>
        Assert.Empty(
            Findings(
                Exact("make", new Touch("sql:scratch", TouchKind.Create)),
                Approve(),
                Final("end", Destroy("sql:scratch"))
            )
        );

    [Fact]
    public void A_parallel_step_that_uses_it_is_refused_whatever_its_place() =>
        Assert.Equal(
            "used-while-destroyed use",
            Findings([
                    .. Proof,
                    Parallel(
                        Exact("use", new Touch("redis:old", TouchKind.Modify)),
                        Final("end", Destroy("redis:old"))
                    ),
                ])
                .Split(", ")[^1]
        );

    [Fact]
    public void A_copy_taken_from_it_later_is_a_use() =>
        Assert.Equal(
            "used-after-destroy copy",
            Findings([
                .. Proof,
                Final("end", Destroy("process:old")),
                Exact("copy", new Touch("redis:new", TouchKind.Modify) { Uses = ["redis:old"] }),
            ])
        );

    [Fact]
    public void A_route_still_leads_to_it() =>
        Assert.Contains(
            "destroyed-while-routed end",
            Findings([
                Look("ok", "http:a", Contract.Proof.Serves),
                Exact("route", RouteTo("lb:shop/web1")),
                Look("idle", "lb:shop/web1", Contract.Proof.Idle),
                Soak(),
                Final("end", Destroy("process:web1")),
            ]),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_watch_still_looks_at_it() =>
        Assert.Contains(
            "destroyed-while-watched end",
            Findings(
                Plan([.. Proof, Final("end", Destroy("process:old"))]) with
                {
                    Watches =
                    [
                        new Watch
                        {
                            Name = "cache",
                            Operation = "fake.check",
                            With = Do("check", what: "redis:old").With,
                        },
                    ],
                }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Two_never_end_at_the_same_time() =>
        Assert.Equal(
            "destroys-at-once b",
            Findings([
                Look("idle-b", "redis:b", Contract.Proof.Idle),
                .. Proof,
                Parallel(Final("a", Destroy("redis:old")), Final("b", Destroy("redis:b"))),
            ])
        );
}
