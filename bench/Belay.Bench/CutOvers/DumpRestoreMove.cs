using System.Globalization;
using Belay.Parts;

namespace Belay.Bench.CutOvers;

/// <summary>Writes are paused, every key is copied by DUMP and RESTORE, services are switched. Nothing is lost, and writers wait for the whole copy.</summary>
internal sealed class DumpRestoreMove : IRedisMove
{
    private const string LongPause = "3600000";

    public string Name => "pause, DUMP and RESTORE, switch";

    public async Task MoveAsync(CacheSite site, CancellationToken ct)
    {
        await site.StartNewAsync(snapshot: null, ct);
        using var old = await RedisWire.OpenAsync(site.Old.Endpoint, null, ct);
        using var fresh = await RedisWire.OpenAsync(site.New.Endpoint, null, ct);
        await old.CallAsync(ct, "CLIENT", "PAUSE", LongPause, "WRITE");
        await fresh.CallAsync(ct, "FUNCTION", "RESTORE", (await old.CallAsync(ct, "FUNCTION", "DUMP"))[0]!);
        var cursor = "0";
        do
        {
            var page = await old.CallAsync(ct, "SCAN", cursor, "COUNT", "1000");
            cursor = page[0]!;
            await CopyAsync(old, fresh, [.. page.Skip(1).Select(key => key!)], ct);
        } while (cursor != "0");
        site.Switch(site.New.Endpoint);
        // The pause ends with the server, and no write that waited in it was carried out.
        await site.Old.KillAsync();
    }

    private static async Task CopyAsync(RedisWire old, RedisWire fresh, string[] keys, CancellationToken ct)
    {
        if (keys.Length == 0)
            return;
        var values = await old.CallAllAsync(
            [.. keys.SelectMany(key => new string[][] { ["DUMP", key], ["PEXPIRETIME", key] })],
            ct
        );
        await fresh.CallAllAsync(
            [.. keys.Select((key, i) => Restore(key, values[i * 2][0]!, values[(i * 2) + 1][0]!))],
            ct
        );
    }

    private static string[] Restore(string key, string payload, string expiresAt) =>
        long.Parse(expiresAt, CultureInfo.InvariantCulture) < 0
            ? ["RESTORE", key, "0", payload]
            : ["RESTORE", key, expiresAt, payload, "ABSTTL"];
}
