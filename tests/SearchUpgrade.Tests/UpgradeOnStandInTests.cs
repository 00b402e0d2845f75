namespace SearchUpgrade.Tests;

/// <summary>The plan of <c>examples/search-reindex</c> with the real <c>belay</c>, against the stand-in for Elasticsearch.</summary>
public sealed class UpgradeOnStandInTests
{
    private const int Done = 0;
    private const int RolledBack = 6;

    private static readonly string[] Run = ["run", "upgrade.yaml", "--run", "r1", "--by", "test"];
    private static readonly string[] Resume = ["resume", "r1", "--by", "test"];
    private static readonly string[] Back = ["rollback", "r1", "--by", "test"];
    private static readonly string[] BackBeyondTheDeletion = [.. Back, "--accept-loss", "delete"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_it_stands_for_production_lint_has_nothing_against_it()
    {
        await using var system = await ShopSystem.StartAsync(Ct);

        var ended = await system.BelayAsync(["lint", "upgrade.yaml", "--env", "production"], null, Ct);

        Assert.True(ended.ExitCode == Done, ended.Said);
    }

    [Fact]
    public async Task Forward_no_write_is_lost_and_the_old_index_is_gone()
    {
        await using var system = await ShopSystem.StartAsync(Ct);

        var ended = await system.BelayAsync(Run, null, Ct);

        Assert.True(ended.ExitCode == Done, ended.Said);
        Assert.Equal([ShopSystem.New], await system.IndicesAsync(Ct));
        Assert.Equal(ShopSystem.New, await system.PointsAtAsync(Ct));
        Assert.True(await system.TakesWritesAsync(Ct), "the shop takes no writes");
        await system.AssertNothingLostAsync(Ct);
    }

    [Fact]
    public async Task Killed_while_it_copies_while_writes_are_refused_and_when_it_has_deleted_it_goes_on_to_the_end()
    {
        await using var system = await ShopSystem.StartAsync(Ct);

        var ended = await system.BelayAsync(Run, async () => await system.CountAsync(ShopSystem.New, Ct) > 0, Ct);
        Assert.True(ended.ExitCode is null, ended.Said);
        ended = await system.BelayAsync(Resume, () => system.IsBlockedAsync(ShopSystem.Old, Ct), Ct);
        Assert.True(ended.ExitCode is null, ended.Said);
        ended = await system.BelayAsync(
            Resume,
            async () => !(await system.IndicesAsync(Ct)).Contains(ShopSystem.Old),
            Ct
        );
        // Killed once more when the old index is deleted, unless belay was faster.
        if (ended.ExitCode is null)
            ended = await system.BelayAsync(Resume, null, Ct);

        Assert.True(ended.ExitCode == Done, ended.Said);
        Assert.Equal([ShopSystem.New], await system.IndicesAsync(Ct));
        Assert.True(await system.TakesWritesAsync(Ct), "the shop takes no writes");
        await system.AssertNothingLostAsync(Ct);
    }

    [Fact]
    public async Task Back_from_the_switch_and_killed_on_the_way_the_old_index_has_every_write()
    {
        await using var system = await ShopSystem.StartAsync(Ct);
        var ended = await system.BelayAsync(Run, async () => await system.SnapshotsAsync(Ct) > 0, Ct);
        Assert.True(ended.ExitCode is null, ended.Said);
        Assert.True(await system.TakesWritesAsync(Ct), "the shop takes no writes");

        ended = await system.BelayAsync(Back, () => system.IsBlockedAsync(ShopSystem.New, Ct), Ct);
        if (ended.ExitCode is null)
            ended = await system.BelayAsync(Back, null, Ct);

        Assert.True(ended.ExitCode == RolledBack, ended.Said);
        await AssertOldAsync(system);
    }

    [Fact]
    public async Task Back_from_the_end_the_deleted_index_is_restored_and_has_every_write()
    {
        await using var system = await ShopSystem.StartAsync(Ct);
        var ended = await system.BelayAsync(
            Run,
            async () => !(await system.IndicesAsync(Ct)).Contains(ShopSystem.Old),
            Ct
        );
        Assert.True(ended.ExitCode is null or Done, ended.Said);
        if (ended.ExitCode is null)
        {
            ended = await system.BelayAsync(Back, null, Ct);
            Assert.Contains("--accept-loss delete", ended.Said, StringComparison.Ordinal);
        }
        Assert.True(await system.TakesWritesAsync(Ct), "the shop takes no writes");

        ended = await system.BelayAsync(BackBeyondTheDeletion, null, Ct);

        Assert.True(ended.ExitCode == RolledBack, ended.Said);
        await AssertOldAsync(system);
    }

    private static async Task AssertOldAsync(ShopSystem system)
    {
        Assert.Equal([ShopSystem.Old], await system.IndicesAsync(Ct));
        Assert.Equal(ShopSystem.Old, await system.PointsAtAsync(Ct));
        Assert.Equal(0, await system.SnapshotsAsync(Ct));
        Assert.True(await system.TakesWritesAsync(Ct), "the shop takes no writes");
        await system.AssertNothingLostAsync(Ct);
    }
}
