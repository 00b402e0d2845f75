using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

public sealed class SameContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var pair = await RedisFixture.StartPairAsync(ct);
        await pair.ReplicateAsync(ct);
        await using var fresh = await pair.OpenNewAsync(ct);
        await fresh.CallAsync(ct, "REPLICAOF", "NO", "ONE");
        return new RedisCheckFixture(
            pair,
            "redis.same",
            """{ "from": "old", "to": "new" }""",
            client => client.CallAsync(ct, "PEXPIRE", "session:5", "1000000")
        );
    }
}

public sealed class IdleContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new RedisCheckFixture(
            await RedisPair.StartAsync(ct),
            "redis.idle",
            """{ "connection": "new", "for": "200ms" }""",
            client => client.CallAsync(ct, "GET", "session:1")
        );
}

public sealed class VersionContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new RedisCheckFixture(
            await RedisPair.StartAsync(ct),
            "redis.version",
            """{ "connection": "new", "server": "valkey", "expect": "8" }""",
            breaking: null
        );
}

/// <summary>A check of the new server; it is broken by one command from a client that stays connected.</summary>
internal sealed class RedisCheckFixture(
    RedisPair pair,
    string operation,
    string inputs,
    Func<RedisClient, Task>? breaking
) : CheckFixture
{
    private readonly Dictionary<string, object> connections = new(StringComparer.Ordinal)
    {
        ["old"] = pair.OldSettings,
        ["new"] = pair.NewSettings,
    };

    private RedisClient? client;

    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => connections;

    public override ImmutableArray<string> Secrets => [RedisPair.Password];

    public override async ValueTask BreakAsync(CancellationToken ct)
    {
        client = await pair.OpenNewAsync(ct);
        // Without a command that breaks it, another server answers under the name.
        if (breaking is null)
            connections["new"] = pair.OldSettings;
        else
            await breaking(client);
    }

    public override async ValueTask TakeAwayAsync(CancellationToken ct) => await pair.New.StopAsync();

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        await using var fresh = await pair.OpenNewAsync(ct);
        return ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [KeyValuePair.Create("redis:new", await RedisPair.SnapshotAsync(fresh, ct))]
        );
    }

    public override async ValueTask DisposeAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        await pair.DisposeAsync();
        await base.DisposeAsync();
    }
}
