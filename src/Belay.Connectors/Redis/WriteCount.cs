using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis;

/// <summary>How many writing commands a server has run since it started.</summary>
/// <param name="RunId">The id of its process: counts of different processes cannot be compared.</param>
/// <param name="Calls">How many.</param>
internal sealed record WriteCount(string RunId, long Calls)
{
    /// <summary>Reads the counter of each command of the ACL category of writes.</summary>
    public static async Task<WriteCount> ReadAsync(RedisClient client, CancellationToken ct)
    {
        var writing = (await client.CallAsync(ct, "COMMAND", "LIST", "FILTERBY", "ACLCAT", "write")).AsTexts();
        var info = await ServerInfo.ReadAsync(client, ct, "server", "commandstats");
        var calls = info.Calls;
        return new WriteCount(
            info["run_id"],
            writing.Distinct(StringComparer.Ordinal).Sum(command => calls.GetValueOrDefault(command))
        );
    }
}
