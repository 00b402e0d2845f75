namespace StoreExamples.Tests;

/// <summary>The plan of <c>examples/expand-contract</c> with the real <c>belay</c> while services of both releases write: there, back, and killed in the middle.</summary>
public sealed class ExpandContractTests
{
    private const int Done = 0;
    private const int Waiting = 5;
    private const int RolledBack = 6;
    private static readonly string[] Run = ["run", "upgrade.yaml", "--no-wait", "--run", "r1", "--by", "test"];
    private static readonly string[] Resume = ["resume", "r1", "--no-wait", "--by", "test"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_in_the_backfill_and_between_two_services_it_goes_on_to_the_contract()
    {
        await using var system = await OrderSystem.StartAsync(Ct);
        var lint = await system.Folder.CallAsync(Ct, "lint", "upgrade.yaml", "--env", "production");
        Assert.True(lint.ExitCode == Done, lint.Said);

        var ended = await system.Folder.KillAsync(() => system.IsBackfillingAsync(Ct), Ct, Run);
        Assert.True(ended.ExitCode is null, ended.Said);
        await system.OrderSomeAsync(Ct);
        ended = await system.Folder.KillAsync(
            () => ValueTask.FromResult(system.Services[0].Releases.Contains("2.0.0")),
            Ct,
            Resume
        );
        Assert.True(ended.ExitCode is null, ended.Said);
        // One service of each release.
        await system.OrderSomeAsync(Ct);
        ended = await system.Folder.CallAsync(Ct, Resume);
        Assert.True(ended.ExitCode == Waiting, ended.Said);
        Assert.Equal("id number amount total_cents", await system.ColumnsAsync(Ct));
        ended = await system.Folder.CallAsync(Ct, "approve", "agreed", "--by", "dba");
        Assert.True(ended.ExitCode == Done, ended.Said);
        ended = await system.Folder.CallAsync(Ct, Resume);

        Assert.True(ended.ExitCode == Done, ended.Said);
        Assert.Equal("id number total_cents", await system.ColumnsAsync(Ct));
        await system.OrderSomeAsync(Ct);
        Assert.All(system.Services, service => Assert.Equal(["1.0.0", "2.0.0"], service.Releases));
        await system.AssertNothingLostAsync("total_cents", Ct);
    }

    [Fact]
    public async Task Back_from_the_approval_the_old_release_has_every_order_of_the_new_one()
    {
        await using var system = await OrderSystem.StartAsync(Ct);
        var ended = await system.Folder.CallAsync(Ct, Run);
        Assert.True(ended.ExitCode == Waiting, ended.Said);
        await system.OrderSomeAsync(Ct);

        ended = await system.Folder.CallAsync(Ct, "rollback", "r1", "--by", "test");

        Assert.True(ended.ExitCode == RolledBack, ended.Said);
        Assert.Equal("id number amount", await system.ColumnsAsync(Ct));
        await system.OrderSomeAsync(Ct);
        Assert.All(system.Services, service => Assert.Equal(["1.0.0", "2.0.0", "1.0.0"], service.Releases));
        await system.AssertNothingLostAsync("amount * 100", Ct);
    }
}
