using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

/// <summary>Where a restore stands in the way back, its order is another one than that of the way forward reversed.</summary>
public sealed class WayBackTests
{
    private static readonly Touch Closed = new("sql:db", TouchKind.BackUp)
    {
        Proven = true,
        ClosedWhileRestored = true,
    };

    private static readonly Touch Open = Closed with { ClosedWhileRestored = false };

    private static readonly DoItem Contract = Exact("contract", Migrate(3)) with { Restore = "save" };

    [Fact]
    public void A_restore_to_before_the_expansion_leaves_new_code_without_its_schema()
    {
        Item[] roll = [Exact("start", new Touch("proc:new", TouchKind.Create)), Exact("attach", RouteTo("lb:new"))];

        Assert.Equal(
            "restore-leaves-release contract",
            FindingsOf("restore-leaves-release", [Save("save", Closed), Exact("expand", Migrate(2)), .. roll, Contract])
        );
        Assert.Empty(
            FindingsOf("restore-leaves-release", [Exact("expand", Migrate(2)), .. roll, Save("save", Closed), Contract])
        );
        // What begins after the change is taken back before the restore.
        Assert.Empty(
            FindingsOf("restore-leaves-release", [Save("save", Closed), Exact("expand", Migrate(2)), Contract, .. roll])
        );
    }

    [Fact]
    public void A_restore_that_takes_half_of_another_step_with_it_is_found()
    {
        var copy = Exact(
            "copy",
            new Touch("sql:db", TouchKind.Modify),
            new Touch("sql:copy", TouchKind.Modify) { Copies = "sql:db" }
        );

        Assert.Equal(
            "undo-after-restore contract",
            FindingsOf("undo-after-restore", Save("save", Closed), copy, Contract)
        );
        Assert.Equal(
            "undo-after-restore contract",
            FindingsOf("undo-after-restore", Save("save", Closed), Parallel(Contract, copy))
        );
        Assert.Empty(FindingsOf("undo-after-restore", copy, Save("save", Closed), Contract));
        Assert.Empty(FindingsOf("undo-after-restore", Save("save", Closed), Contract, copy));
        Assert.Empty(
            FindingsOf(
                "undo-after-restore",
                Save("save", Closed),
                Exact("alone", new Touch("sql:db", TouchKind.Modify)),
                Contract
            )
        );
    }

    [Fact]
    public void Files_are_put_back_as_they_were_whatever_stands_there() =>
        Assert.Empty(
            FindingsOf(
                "undo-after-restore",
                Save("save", new Touch("file:config", TouchKind.BackUp) { Proven = true }),
                Exact("set", new Touch("file:config/a", TouchKind.Modify), new Touch("file:b", TouchKind.Modify)),
                Exact("write", new Touch("file:config", TouchKind.Modify)) with
                {
                    Restore = "save",
                }
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("stop")]
    [InlineData("drain")]
    public void A_restore_that_stays_open_needs_everybody_stopped_on_the_way_back_too(string before)
    {
        Item[] stop =
        [
            .. before switch
            {
                "stop" => [Exact("stop", Destroy("proc:old"))],
                "drain" => [Exact("drain", RouteAway("lb:old"))],
                _ => Array.Empty<Item>(),
            },
        ];
        var start = Exact("start", new Touch("proc:new", TouchKind.Create));

        Assert.Empty(FindingsOf("restore-under-writers", [.. stop, Save("save", Open), Contract, start]));
        Assert.Equal(
            "restore-under-writers contract",
            FindingsOf("restore-under-writers", [.. stop, start, Save("save", Open), Contract])
        );
    }

    [Fact]
    public void Where_the_plan_names_nobody_nobody_is_known_to_be_stopped() =>
        Assert.Equal(
            "restore-under-writers contract",
            FindingsOf("restore-under-writers", Save("save", Open), Contract)
        );

    [Fact]
    public void A_server_that_is_stopped_only_later_still_writes() =>
        Assert.Equal(
            "restore-under-writers contract",
            FindingsOf("restore-under-writers", Save("save", Open), Contract, Exact("stop", Destroy("proc:old")))
        );

    [Fact]
    public void A_restore_that_shuts_everybody_out_passes() =>
        Assert.Empty(FindingsOf("restore-under-writers", Save("save", Closed), Contract));
}
