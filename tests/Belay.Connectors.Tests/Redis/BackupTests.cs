using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

public sealed class BackupContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new Fixture(await RedisFixture.StartPairAsync(ct));

    private sealed class Fixture(RedisPair pair) : RedisFixture(pair)
    {
        public override ChangeDefinition Definition => Change("redis.backup");

        public override JsonElement Inputs { get; } =
            Json("""{ "connection": "old", "to": "cache.resp", "scratch": "new" }""");

        public override async ValueTask WriteAfterBackupAsync(CancellationToken ct)
        {
            await using var old = await Pair.OpenOldAsync(ct);
            await old.CallAsync(ct, "SET", "created since", "1");
            await old.CallAsync(ct, "DEL", "session:7", "events");
            await old.CallAsync(ct, "HSET", "session:8", "cart", "tent");
            await old.CallAsync(ct, "PERSIST", "session:9");
            await old.CallAsync(ct, "FUNCTION", "FLUSH");
        }
    }
}
