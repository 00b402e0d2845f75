using System.Text.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Tests.Redis;

/// <summary>A pair, and a file that names the old server.</summary>
internal sealed class CutOverFixture : RedisFixture
{
    public CutOverFixture(RedisPair pair)
        : base(pair) =>
        Folder.Write($"plan/{EndpointFile}", $"# the cache\nCACHE_ENDPOINT=127.0.0.1:{pair.Old.Port}\nOTHER=1\n");

    public string EndpointPath => Path.Combine(PlanFolder, EndpointFile);

    public override ChangeDefinition Definition => Change("redis.cut-over");

    public override JsonElement Inputs { get; } =
        Json(
            """{ "from": "old", "to": "new", "switch": { "file": "cache.env", "key": "CACHE_ENDPOINT" }, "at-most": "2s" }"""
        );

    /// <summary>A pair with keys that replicates.</summary>
    public static async Task<CutOverFixture> StartAsync(CancellationToken ct)
    {
        var pair = await StartPairAsync(ct);
        await pair.ReplicateAsync(ct);
        return new CutOverFixture(pair);
    }
}
