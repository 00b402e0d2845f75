using Belay.Connectors.Redis;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

public sealed class CutOverContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await CutOverFixture.StartAsync(ct);
}

public sealed class CutOverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_lose_no_acknowledged_write_and_no_expiry_on_the_way_there_and_back()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = Writers.Start(fixture, count: 8);
        await writers.WriteSomeAsync(Ct);
        var before = await change.ObserveAsync(Ct);

        await DrainAsync(change.ApplyAsync(before, Ct));
        var after = await change.ObserveAsync(Ct);
        await writers.WriteSomeAsync(Ct);
        Assert.Equal(fixture.Pair.New.Port, writers.Port);
        await DrainAsync(change.UndoAsync(before, after, Ct));
        await writers.WriteSomeAsync(Ct);
        await writers.StopAsync();

        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        Assert.Empty(await writers.LostAsync(old, Ct));
        Assert.True(after.GetProperty("freeze-ms").GetInt64() < 1000, $"a freeze of {after}");
    }

    [Fact]
    public async Task A_late_writer_of_the_old_server_gets_an_error_and_no_false_acknowledgement()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        await DrainAsync(change.ApplyAsync(await change.ObserveAsync(Ct), Ct));

        await using var late = await fixture.Pair.OpenOldAsync(Ct);
        var failure = await Assert.ThrowsAsync<OperationException>(() => late.CallAsync(Ct, "SET", "late", "1"));
        Assert.Contains("NOREPLICAS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Left_in_the_freeze_before_the_promotion_the_old_server_thaws_by_itself()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        // What a killed Belay leaves: a pause, and the fence armed.
        await old.CallAsync(Fence.Pause(TimeSpan.FromMilliseconds(300)), Ct);
        await old.CallAsync(Fence.Ask(1, 10), Ct);

        await using var writer = await fixture.Pair.OpenOldAsync(Ct);
        // The copy may not have told yet how far it is: until it has, the fence holds.
        Assert.True(await Poll.UntilAsync(() => TakesAsync(writer), TimeSpan.FromSeconds(20), Ct));
    }

    private static async ValueTask<bool> TakesAsync(RedisClient writer)
    {
        try
        {
            return (await writer.CallAsync(Ct, "SET", "after the thaw", "1")).AsText() == "OK";
        }
        catch (OperationException e) when (e.Message.Contains("NOREPLICAS", StringComparison.Ordinal))
        {
            return false;
        }
    }

    [Fact]
    public async Task Left_directly_after_the_promotion_the_old_server_is_fenced_already()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        await old.CallAsync(Fence.Pause(TimeSpan.FromMilliseconds(300)), Ct);
        await old.CallAsync(Fence.Ask(1, 10), Ct);
        await fresh.CallAsync(Ct, "REPLICAOF", "NO", "ONE");

        await using var writer = await fixture.Pair.OpenOldAsync(Ct);
        await Assert.ThrowsAsync<OperationException>(() => writer.CallAsync(Ct, "SET", "late", "1"));
        await fresh.CallAsync(Ct, "SET", "new", "1");

        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        Assert.False(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task Writes_that_the_old_server_took_after_the_promotion_are_not_left_behind_unseen()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        await fresh.CallAsync(Ct, "REPLICAOF", "NO", "ONE");
        await old.CallAsync(Ct, "SET", "behind", "1");

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));
        await DrainAsync(change.UndoAsync(before, null, Ct));

        Assert.Contains("accepted writes after", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await old.CallAsync(Ct, "GET", "behind")).AsText());
        Assert.Contains(
            $"CACHE_ENDPOINT=127.0.0.1:{fixture.Pair.Old.Port}",
            await File.ReadAllTextAsync(fixture.EndpointPath, Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_rest_of_the_services_file_stays_byte_for_byte()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        File.SetUnixFileMode(
            fixture.EndpointPath,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        );

        await DrainAsync(change.ApplyAsync(await change.ObserveAsync(Ct), Ct));

        Assert.Equal(
            $"# the cache\nCACHE_ENDPOINT=127.0.0.1:{fixture.Pair.New.Port}\nOTHER=1\n",
            await File.ReadAllTextAsync(fixture.EndpointPath, Ct)
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(fixture.EndpointPath)
        );
    }

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}
