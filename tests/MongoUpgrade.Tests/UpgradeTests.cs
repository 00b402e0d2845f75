namespace MongoUpgrade.Tests;

/// <summary>The plan of <c>examples/mongodb-upgrade</c> with the real <c>belay</c>, against the stand-in for MongoDB.</summary>
public sealed class UpgradeTests
{
    private const int Done = 0;
    private const int Halted = 4;
    private const int RolledBack = 6;

    private static readonly string[] Run = ["run", "upgrade.yaml", "--run", "r1", "--by", "test"];
    private static readonly string[] Resume = ["resume", "r1", "--by", "test"];
    private static readonly string[] Back = ["rollback", "r1", "--accept-loss", "migrate", "--by", "test"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forward_no_order_is_lost_and_the_new_release_works_on()
    {
        await using var system = await OrdersSystem.StartAsync(Ct);

        var (exitCode, said) = await system.BelayAsync(Run, null, Ct);

        Assert.True(exitCode == Done, said);
        await AssertUpgradedAsync(system);
    }

    [Fact]
    public async Task Back_the_database_is_as_it_was_saved_and_the_old_release_works_on()
    {
        await using var system = await OrdersSystem.StartAsync(Ct);
        system.SetAudit(lost: 3);
        var (exitCode, said) = await system.BelayAsync(Run, null, Ct);
        Assert.True(exitCode == Halted, said);
        var lost = system.Acknowledged.Where(order => !IsOfOld(order, system)).ToList();

        var (preview, shown) = await system.BelayAsync(["rollback", "r1", "--preview"], null, Ct);
        (exitCode, said) = await system.BelayAsync(Back, null, Ct);

        Assert.Contains("writes in the server's oplog", shown, StringComparison.Ordinal);
        Assert.NotNull(preview);
        Assert.True(exitCode == RolledBack, said);
        Assert.NotEmpty(lost);
        await AssertOldAsync(system);
    }

    [Fact]
    public async Task Killed_while_it_proves_its_backup_it_goes_on_to_the_end()
    {
        await using var system = await OrdersSystem.StartAsync(Ct);

        var (killed, said) = await system.BelayAsync(
            Run,
            () => system.Namespaces.Any(place => place.Contains("_belay_scratch_", StringComparison.Ordinal)),
            Ct
        );
        Assert.True(killed is null, said);
        (killed, said) = await system.BelayAsync(Resume, null, Ct);

        Assert.True(killed == Done, said);
        await AssertUpgradedAsync(system);
    }

    [Fact]
    public async Task Killed_while_it_migrates_it_goes_on_to_the_end()
    {
        await using var system = await OrdersSystem.StartAsync(Ct);

        var (killed, said) = await system.BelayAsync(Run, () => system.Namespaces.Contains("shop.new_in_42"), Ct);
        Assert.True(killed is null, said);
        (killed, said) = await system.BelayAsync(Resume, null, Ct);

        Assert.True(killed == Done, said);
        await AssertUpgradedAsync(system);
    }

    [Fact]
    public async Task Killed_while_it_restores_the_next_rollback_finishes_it()
    {
        await using var system = await OrdersSystem.StartAsync(Ct);
        system.SetAudit(lost: 3);
        var (exitCode, said) = await system.BelayAsync(Run, null, Ct);
        Assert.True(exitCode == Halted, said);

        // mongorestore drops every collection before it fills it.
        (exitCode, said) = await system.BelayAsync(Back, () => system.Orders.Count == 0, Ct);
        if (exitCode is null)
            (exitCode, said) = await system.BelayAsync(Back, null, Ct);

        Assert.True(exitCode == RolledBack, said);
        await AssertOldAsync(system);
    }

    private static async Task AssertUpgradedAsync(OrdersSystem system)
    {
        Assert.Equal(42, system.Schema);
        Assert.Contains("shop.new_in_42", system.Namespaces);
        Assert.DoesNotContain(system.Namespaces, place => place.Contains("_belay_", StringComparison.Ordinal));
        Assert.True(await system.TakesOrdersAsync(Ct), "the new release takes no orders");
        Assert.Empty(system.Acknowledged.Except(system.Orders, StringComparer.Ordinal));
    }

    private static async Task AssertOldAsync(OrdersSystem system)
    {
        Assert.Equal(41, system.Schema);
        Assert.DoesNotContain("shop.new_in_42", system.Namespaces);
        Assert.DoesNotContain(system.Namespaces, place => place.Contains("_belay_", StringComparison.Ordinal));
        Assert.True(await system.TakesOrdersAsync(Ct), "the old release takes no orders");
        // What the old release took before the backup and takes now is there; only what the new one took in between is lost.
        Assert.Empty(
            system.Acknowledged.Where(order => IsOfOld(order, system)).Except(system.Orders, StringComparer.Ordinal)
        );
    }

    // Orders begin with the id of the process that took them; the first is the old release's.
    private static bool IsOfOld(string order, OrdersSystem system) =>
        order.Split('-')[0] == system.Acknowledged[0].Split('-')[0];
}
