using System.Collections.Immutable;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>A change between an old and a new server, with the file that services read.</summary>
internal abstract class RedisFixture(RedisPair pair) : ChangeFixture
{
    protected const string EndpointFile = "cache.env";

    public RedisPair Pair => pair;

    public override KitProgram Program => TestProgram.Instance;

    public override IReadOnlyDictionary<string, object> Connections =>
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["old"] = pair.OldSettings,
            ["new"] = pair.NewSettings,
        };

    public override ImmutableArray<string> Secrets => [RedisPair.Password];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        await using var old = await pair.OpenOldAsync(ct);
        await using var fresh = await pair.OpenNewAsync(ct);
        var files = Directory
            .GetFiles(PlanFolder)
            .Select(f => KeyValuePair.Create($"file:{Path.GetFileName(f)}", Convert.ToHexString(File.ReadAllBytes(f))));
        return ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("redis:old", await RedisPair.SnapshotAsync(old, ct)),
                KeyValuePair.Create("redis:new", await RedisPair.SnapshotAsync(fresh, ct)),
                .. files,
            ]
        );
    }

    public override async ValueTask DisposeAsync()
    {
        await pair.DisposeAsync();
        await base.DisposeAsync();
    }

    protected static ChangeDefinition Change(string name) => (ChangeDefinition)TestProgram.Instance.Catalog.Find(name)!;

    /// <summary>Two servers, the old one with a few hundred keys of all types.</summary>
    public static async Task<RedisPair> StartPairAsync(CancellationToken ct)
    {
        var pair = await RedisPair.StartAsync(ct);
        await using var old = await pair.OpenOldAsync(ct);
        await RedisPair.AddSessionsAsync(old, 300, ct);
        await RedisPair.AddEveryTypeAsync(old, ct);
        return pair;
    }
}
