using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>That the example can be upgraded at all: each step done by hand, under the load of its customers.</summary>
public sealed class UpgradeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_careful_upgrade_by_hand_loses_no_request_no_session_and_no_order()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var upgrade = new ManualUpgrade(system);
        var customers = await system.StartCustomersAsync(Ct);

        await upgrade.MigrateAsync("042_expand_order_totals.sql");
        foreach (var pair in system.Servers)
            await ReplaceAsync(upgrade, system, pair.Old, pair.New, "4.2.0");
        await upgrade.ReplicateCacheAsync();
        await upgrade.CutCacheOverAsync();
        await ManualUpgrade.UntilAsync(async () => await upgrade.OldCacheIsIdleAsync());
        await system.OldCache.StopAsync();
        await upgrade.MigrateAsync("043_contract_order_totals.sql");
        await SeeMoreRequestsAsync(customers, 300);

        var proof = await Proof.TakeAsync(system, customers, Ct);
        TestContext.Current.TestOutputHelper?.WriteLine(proof.ToText());
        Assert.True(proof.NothingLost, proof.ToText());
        Assert.True(proof.OrdersInDatabase > 0);
        Assert.Equal("4.2.0", proof.Release);
        Assert.Equal(43, proof.Schema);
        Assert.Equal(system.NewCache.Endpoint, proof.Cache);
    }

    [Fact]
    public async Task Going_all_the_way_back_before_the_contract_loses_nothing_either()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var upgrade = new ManualUpgrade(system);
        var customers = await system.StartCustomersAsync(Ct);
        await upgrade.MigrateAsync("042_expand_order_totals.sql");
        foreach (var pair in system.Servers)
            await ReplaceAsync(upgrade, system, pair.Old, pair.New, "4.2.0");
        await upgrade.ReplicateCacheAsync();
        await upgrade.CutCacheOverAsync();
        await SeeMoreRequestsAsync(customers, 300);

        await upgrade.MoveCacheBackAsync();
        foreach (var pair in system.Servers)
            await ReplaceAsync(upgrade, system, pair.New, pair.Old, "4.1.0");
        await upgrade.MigrateAsync("042_expand_order_totals.down.sql");
        await SeeMoreRequestsAsync(customers, 300);

        var proof = await Proof.TakeAsync(system, customers, Ct);
        TestContext.Current.TestOutputHelper?.WriteLine(proof.ToText());
        Assert.True(proof.NothingLost, proof.ToText());
        Assert.Equal("4.1.0", proof.Release);
        Assert.Equal(41, proof.Schema);
        Assert.Equal(system.OldCache.Endpoint, proof.Cache);
    }

    [Fact]
    public async Task Moving_the_cache_while_customers_shop_fails_no_request_of_the_old_release()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var upgrade = new ManualUpgrade(temporary.Live);
        var customers = await temporary.Live.StartCustomersAsync(Ct);

        await upgrade.ReplicateCacheAsync();
        await upgrade.CutCacheOverAsync();
        await SeeMoreRequestsAsync(customers, 300);

        var proof = await Proof.TakeAsync(temporary.Live, customers, Ct);
        Assert.True(proof.NothingLost, proof.ToText());
        Assert.Equal(temporary.Live.NewCache.Endpoint, proof.Cache);
        Assert.True(await upgrade.OldCacheIsIdleAsync());
    }

    [Fact]
    public async Task A_frozen_cache_is_a_pause_for_the_customers_and_no_failure()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var customers = await temporary.Live.StartCustomersAsync(Ct);
        await SeeMoreRequestsAsync(customers, 800);

        await temporary.Live.OldCache.CommandAsync("CLIENT", "PAUSE", "2000", "WRITE");
        await SeeMoreRequestsAsync(customers, 300);

        var proof = await Proof.TakeAsync(temporary.Live, customers, Ct);
        Assert.True(proof.NothingLost, proof.ToText());
        Assert.True(proof.Load.LongestGapMs > 1_500, proof.ToText());
    }

    [Fact]
    public async Task Stopping_a_server_without_draining_it_is_seen_as_failed_requests()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var customers = await temporary.Live.StartCustomersAsync(Ct);

        await temporary.Live.Shop("shop-1").StopAsync();
        await SeeMoreRequestsAsync(customers, 300);

        var report = await customers.StopAsync(Ct);
        Assert.True(report.Failed > 0);
        Assert.NotEmpty(report.Failures);
    }

    private static async Task ReplaceAsync(
        ManualUpgrade upgrade,
        LiveSystem system,
        ShopAddress leaving,
        ShopAddress coming,
        string release
    )
    {
        await system.StartShopAsync(coming, release, Ct);
        await upgrade.AttachAsync(coming);
        await upgrade.DrainAsync(leaving);
        Assert.Equal(0, await system.Shop(leaving.Name).StopAsync());
        await upgrade.DetachAsync(leaving);
    }

    private static async Task SeeMoreRequestsAsync(Customers customers, int count)
    {
        var before = (await customers.ReportAsync(Ct)).Sent;
        await ManualUpgrade.UntilAsync(async () => (await customers.ReportAsync(Ct)).Sent >= before + count);
    }
}
