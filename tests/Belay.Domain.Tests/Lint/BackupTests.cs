using Belay.Domain.Contract;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class BackupTests
{
    private static readonly Touch Saved = new("sql:db", TouchKind.BackUp) { ClosedWhileRestored = true };

    [Fact]
    public void A_proven_backup_of_what_is_altered_passes() =>
        Assert.Empty(Findings(Save("save", Saved with { Proven = true }), Alter("sql:db/orders")));

    [Fact]
    public void A_backup_that_nobody_restores_before_it_is_needed_does_not_count() =>
        Assert.Equal("backup-not-proven alter", Findings(Save("save", Saved), Alter("sql:db")));

    [Fact]
    public void A_backup_of_another_store_takes_nothing_back() =>
        Assert.Equal(
            "backup-of-another alter",
            Findings(Save("save", Saved with { Proven = true }), Alter("sql:invoices"))
        );

    [Fact]
    public void What_a_command_touches_is_not_known() =>
        Assert.Empty(Findings(Save("save", Saved with { Proven = true }), Alter("shell:./migrate")));

    private static Plans.DoItem Alter(string resource) =>
        Exact("alter", new Touch(resource, TouchKind.Modify)) with
        {
            Restore = "save",
        };
}
