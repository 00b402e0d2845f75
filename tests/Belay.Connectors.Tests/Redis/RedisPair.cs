using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Redis;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Parts;

namespace Belay.Connectors.Tests.Redis;

/// <summary>An old server (Redis 7) with keys of all types, and a new one (Valkey 8) without any.</summary>
internal sealed class RedisPair : IAsyncDisposable
{
    public const string Password = "open sesame";
    private readonly RedisServer[] servers;
    private readonly RedisTls? tls;

    private RedisPair(RedisServer[] servers, RedisTls? tls = null) => (this.servers, this.tls) = (servers, tls);

    public RedisServer Old => servers[0];

    public RedisServer New => servers[1];

    public RedisSettings OldSettings => tls is null ? Settings(Old) : tls.Settings;

    /// <summary>The authority and the certificates of a pair whose old server speaks TLS.</summary>
    public RedisTls Tls => tls!;

    public RedisSettings NewSettings => Settings(New);

    public static async Task<RedisPair> StartAsync(CancellationToken ct, params ImmutableArray<string> newConfiguration)
    {
        var old = RedisServer.StartAsync(Options(RedisFlavor.Redis, []), ct);
        var fresh = RedisServer.StartAsync(Options(RedisFlavor.Valkey, newConfiguration), ct);
        return new RedisPair([await old, await fresh]);
    }

    /// <summary>An old server that speaks TLS, with a certificate of an authority of its own, and lets a named user in; a new one as configured.</summary>
    public static async Task<RedisPair> StartTlsAsync(
        RedisTls tls,
        CancellationToken ct,
        params ImmutableArray<string> newConfiguration
    )
    {
        var old = RedisServer.StartAsync(Options(RedisFlavor.Redis, tls.OldConfiguration), ct);
        var fresh = RedisServer.StartAsync(Options(RedisFlavor.Valkey, newConfiguration), ct);
        return new RedisPair([await old, await fresh], tls);
    }

    public async Task<RedisClient> OpenOldAsync(CancellationToken ct) =>
        await RedisClient.OpenAsync(OldSettings, TimeProvider.System, ct);

    public async Task<RedisClient> OpenNewAsync(CancellationToken ct) =>
        await RedisClient.OpenAsync(NewSettings, TimeProvider.System, ct);

    /// <summary>Sessions with an expiry in a day or so.</summary>
    public static async Task AddSessionsAsync(RedisClient client, int count, CancellationToken ct)
    {
        const string script = """
            for i = 1, tonumber(ARGV[1]) do
              redis.call('HSET', 'session:' .. i, 'customer', 'c' .. i, 'cart', '')
              redis.call('PEXPIREAT', 'session:' .. i, tonumber(ARGV[2]) + i)
            end
            """;
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        await client.CallAsync(
            ct,
            "EVAL",
            script,
            "0",
            count.ToString(CultureInfo.InvariantCulture),
            tomorrow.ToString(CultureInfo.InvariantCulture)
        );
    }

    /// <summary>One key of each type, the awkward ones among them.</summary>
    public static async Task AddEveryTypeAsync(RedisClient client, CancellationToken ct, bool withFunctions = true)
    {
        var everyByte = string.Concat(Enumerable.Range(0, 256).Select(b => (char)b));
        var numbers = Enumerable.Range(0, 2000).Select(i => $"{i}").ToArray();
        await client.CallAllAsync(
            [
                RespCommand.Of("SET", "text", everyByte),
                RespCommand.Of("SET", "empty", ""),
                RespCommand.Of("SET", everyByte, "a key of any bytes"),
                RespCommand.Of("SET", "soon", "x", "PXAT", "33000000000000"),
                RespCommand.Of("PFADD", "visitors", "ann", "bob"),
                RespCommand.Of("SETBIT", "bits", "1000", "1"),
                new RespCommand(["RPUSH", "list", .. numbers, "", everyByte]),
                new RespCommand(["SADD", "integers", "3", "1", "2"]),
                new RespCommand(["SADD", "set", .. numbers, everyByte]),
                new RespCommand(["HSET", "hash", .. numbers, "", everyByte]),
                RespCommand.Of("ZADD", "scores", "0.1", "a", "inf", "b", "-inf", "c", "1e300", "d", "3", everyByte),
                RespCommand.Of("GEOADD", "places", "13.4", "52.5", "Berlin"),
                RespCommand.Of("SELECT", "3"),
                RespCommand.Of("SET", "text", "another database"),
                RespCommand.Of("SELECT", "0"),
            ],
            ct
        );
        await AddStreamsAsync(client, ct);
        if (!withFunctions)
            return;
        await client.CallAsync(
            ct,
            "FUNCTION",
            "LOAD",
            "#!lua name=shop\nredis.register_function('hello', function() return 'hello' end)"
        );
    }

    public async Task ReplicateAsync(CancellationToken ct)
    {
        await using var fresh = await OpenNewAsync(ct);
        await fresh.CallAsync(ct, "CONFIG", "SET", "masterauth", Password);
        await fresh.CallAsync(ct, "REPLICAOF", "127.0.0.1", $"{Old.Port}");
        Assert.True(
            await Poll.UntilAsync(
                async () => (await ServerInfo.ReadAsync(fresh, ct, "replication"))["master_link_status"] == "up",
                TimeSpan.FromSeconds(30),
                ct
            ),
            "the replica did not come up"
        );
    }

    /// <summary>All that a server holds (values, and that a key expires), its role and its fence.</summary>
    public static async Task<string> SnapshotAsync(RedisClient client, CancellationToken ct)
    {
        var digest = (await client.CallAsync(ct, "DEBUG", "DIGEST")).AsText();
        var info = await ServerInfo.ReadAsync(client, ct, "replication");
        var fence = await Fence.ReadAsync(client, ct);
        return $"{digest} {info["role"]} {info["master_port"]} {fence}";
    }

    /// <summary>Puts another server, empty, in the place of the new one.</summary>
    public async Task ReplaceNewAsync(CancellationToken ct)
    {
        await New.DisposeAsync();
        servers[1] = await RedisServer.StartAsync(Options(RedisFlavor.Valkey, []), ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        tls?.Dispose();
    }

    private static async Task AddStreamsAsync(RedisClient client, CancellationToken ct) =>
        await client.CallAllAsync(
            [
                RespCommand.Of("XGROUP", "CREATE", "no-entries", "g", "0", "MKSTREAM"),
                RespCommand.Of("XADD", "emptied", "5-1", "a", "b"),
                RespCommand.Of("XDEL", "emptied", "5-1"),
                .. Enumerable.Range(1, 6).Select(i => RespCommand.Of("XADD", "events", $"{i}-1", "n", $"{i}", "x", "")),
                RespCommand.Of("XGROUP", "CREATE", "events", "mail", "0"),
                RespCommand.Of("XGROUP", "CREATE", "events", "idle", "$"),
                RespCommand.Of("XGROUP", "CREATECONSUMER", "events", "idle", "nobody"),
                RespCommand.Of("XREADGROUP", "GROUP", "mail", "ann", "COUNT", "3", "STREAMS", "events", ">"),
                RespCommand.Of("XREADGROUP", "GROUP", "mail", "bob", "COUNT", "2", "STREAMS", "events", ">"),
                RespCommand.Of("XACK", "events", "mail", "1-1"),
                // Deleted while it is pending.
                RespCommand.Of("XDEL", "events", "2-1"),
            ],
            ct
        );

    private static RedisSettings Settings(RedisServer server) =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Password = new Secret(Password),
        };

    private static RedisOptions Options(RedisFlavor flavor, ImmutableArray<string> configuration) =>
        new()
        {
            Flavor = flavor,
            Password = Password,
            // By default a source waits 5 seconds for more replicas before it begins a copy.
            Configuration = ["repl-diskless-sync-delay 0", "enable-debug-command local", .. configuration],
        };
}
