using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

public sealed class ReplicateContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new ReplicateFixture(await RedisFixture.StartPairAsync(ct));
}

public sealed class ReplicateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_too_small_for_the_data_is_refused_with_both_numbers_and_left_as_it_was()
    {
        var pair = await RedisPair.StartAsync(Ct, "maxmemory 3mb", "maxmemory-policy allkeys-lru");
        await using var fixture = new ReplicateFixture(pair);
        await using (var old = await pair.OpenOldAsync(Ct))
            await RedisPair.AddSessionsAsync(old, 20_000, Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("maxmemory is 3145728 bytes (allkeys-lru)", failure.Message, StringComparison.Ordinal);
        Assert.Contains(change.Plan(before).Lines, line => line.To!.Contains("cannot hold", StringComparison.Ordinal));
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_target_with_keys_of_its_own_is_refused_and_keeps_them()
    {
        var pair = await RedisPair.StartAsync(Ct);
        await using var fixture = new ReplicateFixture(pair);
        await using var fresh = await pair.OpenNewAsync(Ct);
        await fresh.CallAsync(Ct, "SET", "somebody's", "1");
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));

        Assert.Contains("holds 1 keys", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await fresh.CallAsync(Ct, "GET", "somebody's")).AsText());
    }

    [Fact]
    public async Task A_target_that_was_promoted_and_emptied_since_is_not_taken_for_done()
    {
        var pair = await RedisFixture.StartPairAsync(Ct);
        await using var fixture = new ReplicateFixture(pair);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        await DrainAsync(change.ApplyAsync(before, Ct));
        await using var fresh = await pair.OpenNewAsync(Ct);
        await fresh.CallAsync(Ct, "REPLICAOF", "NO", "ONE");
        await fresh.CallAsync(Ct, "FLUSHALL");

        var emptied = await change.ObserveAsync(Ct);

        Assert.False(change.Plan(emptied).IsEmpty);
        await DrainAsync(change.ApplyAsync(emptied, Ct));
        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task On_two_empty_servers_a_replication_that_was_taken_back_is_done_anew_by_the_next_run()
    {
        await using var fixture = new CutOverFixture(await RedisPair.StartAsync(Ct));
        await using var replicate = Replicate(fixture);
        await using var cutOver = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await replicate.ObserveAsync(Ct);
        await DrainAsync(replicate.ApplyAsync(before, Ct));
        var uncut = await cutOver.ObserveAsync(Ct);
        await DrainAsync(cutOver.ApplyAsync(uncut, Ct));
        await DrainAsync(cutOver.UndoAsync(uncut, null, Ct));
        await DrainAsync(replicate.UndoAsync(before, null, Ct));

        var again = await replicate.ObserveAsync(Ct);
        Assert.True(replicate.Same(before, again));
        Assert.False(replicate.Plan(again).IsEmpty, "two empty servers that do not replicate are taken for done");
        await DrainAsync(replicate.ApplyAsync(again, Ct));
        await using (var old = await fixture.Pair.OpenOldAsync(Ct))
            await old.CallAsync(Ct, "SET", "first", "1");
        await DrainAsync(cutOver.ApplyAsync(await cutOver.ObserveAsync(Ct), Ct));

        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        Assert.Equal("1", (await fresh.CallAsync(Ct, "GET", "first")).AsText());
    }

    [Fact]
    public async Task After_the_cut_over_it_stays_done_and_a_third_server_is_not_taken_for_the_copy()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var replicate = Replicate(fixture);
        await using var cutOver = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await DrainAsync(cutOver.ApplyAsync(await cutOver.ObserveAsync(Ct), Ct));
        Assert.True(replicate.Plan(await replicate.ObserveAsync(Ct)).IsEmpty);

        await fixture.Pair.ReplaceNewAsync(Ct);

        await using var another = Replicate(fixture);
        Assert.False(another.Plan(await another.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task A_target_that_was_written_to_is_not_emptied_by_the_undo()
    {
        var pair = await RedisFixture.StartPairAsync(Ct);
        await using var fixture = new ReplicateFixture(pair);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        await DrainAsync(change.ApplyAsync(before, Ct));
        await using var fresh = await pair.OpenNewAsync(Ct);
        await fresh.CallAsync(Ct, "REPLICAOF", "NO", "ONE");
        await fresh.CallAsync(Ct, "SET", "order", "1");

        await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.UndoAsync(before, null, Ct)));

        Assert.Equal("1", (await fresh.CallAsync(Ct, "GET", "order")).AsText());
    }

    private static BoundChange Replicate(RedisFixture fixture) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find("redis.replicate")!).Create(
            JsonElement.Parse("""{ "from": "old", "to": "new" }"""),
            fixture.NewScope()
        );

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}

internal sealed class ReplicateFixture(RedisPair pair) : RedisFixture(pair)
{
    public override ChangeDefinition Definition => Change("redis.replicate");

    public override JsonElement Inputs { get; } = Json("""{ "from": "old", "to": "new" }""");
}
