using System.Text.Json;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>More than 100,000 keys of all types, moved there and back under writers.</summary>
public sealed class LargeCutOverTests
{
    private const int Keys = 101_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_thousand_keys_are_the_same_there_and_back_and_the_old_server_never_copied_the_new_one()
    {
        await using var fixture = await StartAsync();
        await using var cutOver = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = Start(fixture);
        await writers.WriteMoreAsync(50, Patience, Ct);
        var before = await cutOver.ObserveAsync(Ct);

        await DrainAsync(cutOver.ApplyAsync(before, Ct));
        await writers.WriteMoreAsync(50, Patience, Ct);
        await DrainAsync(cutOver.UndoAsync(before, null, Ct));
        await writers.WriteMoreAsync(50, Patience, Ct);
        await writers.StopAsync();

        Assert.True(cutOver.Same(before, await cutOver.ObserveAsync(Ct)));
        await AssertNothingLostAsync(fixture, writers, fixture.Pair.Old);
        await AssertSameAsync(fixture);
        await AssertNeverAReplicaAsync(fixture.Pair.Old);
    }

    [Fact]
    public async Task A_way_back_that_was_left_in_the_middle_of_its_copy_is_finished_without_a_lost_write()
    {
        await using var fixture = await StartAsync();
        await using var cutOver = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = Start(fixture);
        var before = await cutOver.ObserveAsync(Ct);
        await DrainAsync(cutOver.ApplyAsync(before, Ct));
        await writers.WriteMoreAsync(50, Patience, Ct);

        var told = 0;
        // As a crash leaves it: services go on writing to the new server, which is still the writer of record.
        await foreach (var _ in cutOver.UndoAsync(before, null, Ct))
        {
            if (++told == 20)
                break;
        }
        await writers.WriteMoreAsync(50, Patience, Ct);
        await using var next = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await DrainAsync(next.UndoAsync(before, null, Ct));
        await writers.WriteMoreAsync(50, Patience, Ct);
        await writers.StopAsync();

        Assert.Equal(20, told);
        Assert.True(next.Same(before, await next.ObserveAsync(Ct)));
        await AssertNothingLostAsync(fixture, writers, fixture.Pair.Old);
        await AssertSameAsync(fixture);
        await AssertNeverAReplicaAsync(fixture.Pair.Old);
    }

    [Fact]
    public async Task A_cut_over_killed_under_writers_is_finished_by_another_instance_without_a_lost_write()
    {
        await using var fixture = await StartAsync();
        await using var cutOver = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = Start(fixture);
        await writers.WriteMoreAsync(50, Patience, Ct);
        var before = await cutOver.ObserveAsync(Ct);

        await KilledChild.KillAtAsync(fixture, before, PromotedAsync(fixture), Ct);
        await using var next = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await DrainAsync(next.ApplyAsync(before, Ct));
        await writers.WriteMoreAsync(50, Patience, Ct);
        await writers.StopAsync();

        Assert.True(next.Plan(await next.ObserveAsync(Ct)).IsEmpty);
        await AssertNothingLostAsync(fixture, writers, fixture.Pair.New);
    }

    private static async Task<CutOverFixture> StartAsync()
    {
        var pair = await RedisPair.StartAsync(Ct);
        using (var wire = await RedisWire.OpenAsync(pair.Old.Endpoint, RedisPair.Password, Ct))
            await RedisSeed.FillAsync(wire, Keys, Ct);
        await using (var old = await pair.OpenOldAsync(Ct))
            await RedisPair.AddEveryTypeAsync(old, Ct, withFunctions: false);
        var fixture = new CutOverFixture(pair);
        await using var replicate = Change(fixture, "redis.replicate", """{ "from": "old", "to": "new" }""");
        await DrainAsync(replicate.ApplyAsync(await replicate.ObserveAsync(Ct), Ct));
        return fixture;
    }

    private static RedisWriters Start(CutOverFixture fixture) =>
        RedisWriters.Start(
            new RedisWritersOptions
            {
                Endpoint = () =>
                    File.ReadAllLines(fixture.EndpointPath)
                        .Single(line => line.StartsWith("CACHE_ENDPOINT=", StringComparison.Ordinal))
                        .Split('=')[1],
                Password = RedisPair.Password,
            }
        );

    // The moment of the promotion, or as soon after it as this machine sees it.
    private static async Task PromotedAsync(CutOverFixture fixture)
    {
        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        await Poll.UntilAsync(
            async () => (await ServerInfo.ReadAsync(fresh, Ct, "replication"))["role"] == "master",
            TimeSpan.FromSeconds(20),
            Ct
        );
    }

    private static async Task AssertNothingLostAsync(CutOverFixture fixture, RedisWriters writers, RedisServer server)
    {
        Assert.True(writers.Acknowledged > 8 * 50);
        Assert.Empty(await writers.LostAsync(server.Endpoint, Ct));
        Assert.EndsWith(
            $":{server.Port}",
            (await File.ReadAllLinesAsync(fixture.EndpointPath, Ct))[1],
            StringComparison.Ordinal
        );
    }

    /// <summary>After the way back the new server copies the old one again: both must hold the same, every key compared.</summary>
    private static async Task AssertSameAsync(CutOverFixture fixture)
    {
        await using var same = ((CheckDefinition)TestProgram.Instance.Catalog.Find("redis.same")!).Create(
            JsonElement.Parse("""{ "from": "old", "to": "new" }"""),
            fixture.NewScope()
        );
        // It is filled by a full copy first, and answers nothing else while it loads that.
        await using (var fresh = await fixture.Pair.OpenNewAsync(Ct))
        {
            Assert.True(
                await Poll.UntilAsync(
                    async () => (await ServerInfo.ReadAsync(fresh, Ct, "replication"))["master_link_status"] == "up",
                    Patience,
                    Ct
                ),
                "the new server does not copy the old one"
            );
        }
        JsonElement seen = default;
        Assert.True(
            await Poll.UntilAsync(
                async () => same.Judge(seen = await same.ObserveAsync(Ct)) is Verdict.Holds,
                Patience,
                Ct
            ),
            $"{seen}"
        );
        var compared = Assert.Single(StoreComparison.In(seen)!.Parts);
        Assert.False(compared.IsSample);
        Assert.True(compared.Compared > Keys);
        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        Assert.Equal("hello", (await old.CallAsync(Ct, "FCALL", "hello", "0")).AsText());
    }

    /// <summary>A resynchronisation of an old server from a newer one works while the backlog lasts, and so looks like a way back.</summary>
    private static async Task AssertNeverAReplicaAsync(RedisServer server)
    {
        var log = await File.ReadAllTextAsync(server.LogFile, Ct);
        Assert.Contains("Ready to accept connections", log, StringComparison.Ordinal);
        Assert.DoesNotContain("MASTER", log, StringComparison.Ordinal);
    }

    private static BoundChange Change(RedisFixture fixture, string name, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(name)!).Create(
            JsonElement.Parse(inputs),
            fixture.NewScope()
        );

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}
