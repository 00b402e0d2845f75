using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Tests.Redis;

public sealed class KeyCopyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_of_every_type_go_from_the_new_server_to_the_old_one_and_read_the_same()
    {
        await using var pair = await RedisPair.StartAsync(Ct);
        await using var old = await pair.OpenOldAsync(Ct);
        await using var fresh = await pair.OpenNewAsync(Ct);
        await RedisPair.AddEveryTypeAsync(fresh, Ct);
        await RedisPair.AddSessionsAsync(fresh, 1000, Ct);
        await old.CallAsync(Ct, "SET", "only on the old one", "1");
        await old.CallAsync(Ct, "RPUSH", "hash", "another type");

        await CopyAsync(fresh, old);

        var comparison = new KeyComparison(fresh, old, KeySample.All, TimeProvider.System);
        await comparison.RunAsync(Ct);
        Assert.Empty(comparison.Named);
        Assert.Equal("hello", (await old.CallAsync(Ct, "FCALL", "hello", "0")).AsText());
    }

    [Fact]
    public async Task Copied_again_nothing_is_written()
    {
        await using var pair = await RedisPair.StartAsync(Ct);
        await using var old = await pair.OpenOldAsync(Ct);
        await using var fresh = await pair.OpenNewAsync(Ct);
        await RedisPair.AddEveryTypeAsync(fresh, Ct);
        await CopyAsync(fresh, old);

        Assert.Equal(0, await CopyAsync(fresh, old));
    }

    [Fact]
    public async Task Changes_are_told_before_the_second_answer_also_under_many_writers()
    {
        await using var pair = await RedisPair.StartAsync(Ct);
        await using var old = await pair.OpenOldAsync(Ct);
        await using var changes = await KeyChanges.BeginAsync(pair.OldSettings, TimeProvider.System, Ct);

        for (var i = 0; i < 200; i++)
        {
            await old.CallAsync(Ct, "SET", $"key:{i}", "1");
            Assert.Contains(new KeyName(0, $"key:{i}"), await changes.TakeAsync(Ct, old));
        }
    }

    [Fact]
    public void A_sample_holds_about_as_many_keys_as_asked_for_and_the_same_ones_again()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => new KeyName(0, $"session:{i}")).ToArray();
        var sample = KeySample.About(1000, keys.Length, seed: 1);

        Assert.InRange(keys.Count(sample.Holds), 850, 1150);
        Assert.Equal(keys.Where(sample.Holds), keys.Where(KeySample.About(1000, keys.Length, seed: 1).Holds));
        Assert.NotEqual(keys.Where(sample.Holds), keys.Where(KeySample.About(1000, keys.Length, seed: 2).Holds));
    }

    private static async Task<long> CopyAsync(RedisClient from, RedisClient to)
    {
        var copy = new KeyCopy(from, to, new KeyWriter(to));
        await foreach (var _ in copy.AllAsync(Ct)) { }
        await copy.FunctionsAsync(Ct);
        return copy.Written;
    }
}
