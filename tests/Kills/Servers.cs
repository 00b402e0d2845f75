using Belay.Parts;

namespace Kills;

/// <summary>The servers that all runs share; each run has a database, folder and services of its own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private Servers(PostgresServer database, RedisServer oldCache, RedisServer newCache) =>
        (Database, OldCache, NewCache) = (database, oldCache, newCache);

    public PostgresServer Database { get; }

    public RedisServer OldCache { get; }

    public RedisServer NewCache { get; }

    public static async Task<Servers> StartAsync(CancellationToken ct) =>
        new(
            await PostgresServer.StartAsync(ct: ct),
            // Without the setting a full copy waits five seconds for more replicas to come.
            await RedisServer.StartAsync(new RedisOptions { Configuration = ["repl-diskless-sync-delay 0"] }, ct),
            await RedisServer.StartAsync(
                new RedisOptions { Flavor = RedisFlavor.Valkey, Configuration = ["repl-diskless-sync-delay 0"] },
                ct
            )
        );

    /// <summary>Makes both caches as they are before an upgrade: the old one with keys, the new one empty, both writable.</summary>
    public async Task PrepareCachesAsync()
    {
        foreach (var cache in (RedisServer[])[NewCache, OldCache])
        {
            await cache.CommandAsync("REPLICAOF", "NO", "ONE");
            await cache.CommandAsync("CONFIG", "SET", "min-replicas-to-write", "0");
            await cache.CommandAsync("CLIENT", "UNPAUSE");
            await cache.CommandAsync("FLUSHALL");
        }
        await OldCache.CommandAsync([
            "MSET",
            .. Enumerable.Range(0, 200).SelectMany(i => new[] { $"key:{i}", $"{i}" }),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await NewCache.DisposeAsync();
        await OldCache.DisposeAsync();
        await Database.DisposeAsync();
    }
}
