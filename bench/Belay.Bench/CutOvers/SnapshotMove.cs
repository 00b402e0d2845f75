using Belay.Parts;

namespace Belay.Bench.CutOvers;

/// <summary>Writes are paused, the old server saves its file, the new one starts with it, services are switched.</summary>
internal sealed class SnapshotMove : IRedisMove
{
    private const string LongPause = "3600000";

    public string Name => "pause, copy the RDB file, start, switch";

    public async Task MoveAsync(CacheSite site, CancellationToken ct)
    {
        using var old = await RedisWire.OpenAsync(site.Old.Endpoint, null, ct);
        await old.CallAsync(ct, "CLIENT", "PAUSE", LongPause, "WRITE");
        await old.CallAsync(ct, "SAVE");
        await site.StartNewAsync(Path.Combine(site.Old.Folder, "dump.rdb"), ct);
        site.Switch(site.New.Endpoint);
        await site.Old.KillAsync();
    }
}
