using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>That the proof at the end of the demonstration would notice a loss.</summary>
public sealed class AuditTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_audit_finds_each_session_and_order_that_is_gone_or_changed()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var customers = await system.StartCustomersAsync(Ct);
        await ManualUpgrade.UntilAsync(async () => (await customers.ReportAsync(Ct)).Orders > 20);
        await customers.StopAsync(Ct);

        var whole = await customers.AuditAsync(Ct);
        Assert.Equal((400, 0), (whole.SessionsExpected, whole.SessionsLost));
        Assert.Equal(0, whole.OrdersLost);

        await system.OldCache.CommandAsync("DEL", "session:seed-00007");
        await system.OldCache.CommandAsync("PEXPIRE", "session:seed-00008", "3600000");
        await system.Database.ExecuteAsync(
            "delete from orders where number = (select min(number) from orders where customer like 'buyer-%')",
            "shop",
            Ct
        );
        await system.Database.ExecuteAsync(
            """
            update orders set amount = amount + 0.01
            where number = (select max(number) from orders where customer like 'buyer-%')
            """,
            "shop",
            Ct
        );

        var holed = await customers.AuditAsync(Ct);
        Assert.Equal(2, holed.SessionsLost);
        Assert.Equal(2, holed.OrdersLost);
        Assert.Equal(4, holed.Lost.Length);
    }
}
