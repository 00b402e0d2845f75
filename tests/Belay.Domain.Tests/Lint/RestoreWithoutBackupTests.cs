using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Lint;

public sealed class RestoreWithoutBackupTests
{
    [Fact]
    public void A_change_that_names_an_earlier_backup_passes() =>
        Assert.Empty(Findings(Do("backup", "backup"), Phase(Do("convert", restore: "backup"))));

    [Fact]
    public void A_change_that_only_a_restore_takes_back_must_name_a_backup() =>
        Assert.Equal("restore-without-backup step", Findings(Do("backup", "backup"), Do("convert")));

    [Fact]
    public void A_backup_that_comes_later_does_not_count() =>
        Assert.Equal("restore-without-backup step", Findings(Do("modify", restore: "backup"), Do("backup", "backup")));

    [Fact]
    public void A_backup_at_the_same_time_does_not_count() =>
        Assert.Equal(
            "restore-without-backup step",
            Findings(Parallel(Do("backup", "backup"), Phase(Do("modify", restore: "backup"))))
        );

    [Fact]
    public void A_change_is_no_backup() =>
        Assert.Equal("restore-without-backup step", Findings(Do("modify", "other"), Do("modify", restore: "other")));

    [Fact]
    public void A_step_that_does_not_exist_is_no_backup() =>
        Assert.Equal("restore-without-backup step", Findings(Do("modify", restore: "nobody")));
}
