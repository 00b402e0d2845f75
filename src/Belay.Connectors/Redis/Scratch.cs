using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>An empty server in which a backup is restored to prove it. A marker key tells our own leftovers from somebody's data.</summary>
internal sealed class Scratch(RedisClient client, string name, string token)
{
    private static readonly KeyName Marker = new(0, "belay:scratch");

    /// <summary>Takes the server, emptied of what an earlier attempt left.</summary>
    /// <exception cref="OperationException">Refused: it holds keys or functions that are not ours, or is a replica, or is the server that is saved.</exception>
    public async Task TakeAsync(RedisClient saved, CancellationToken ct)
    {
        var info = await ServerInfo.ReadAsync(client, ct, "server", "replication", "keyspace");
        if (info["run_id"] == (await ServerInfo.ReadAsync(saved, ct, "server"))["run_id"])
            throw OperationException.Refused($"{name} is the server that is to be saved: name another one as scratch");
        if (info["role"] != "master")
            throw OperationException.Refused($"{name} is a replica: name an empty server of its own as scratch");
        var isOurs = await IsOursAsync(ct);
        if (!isOurs && (info.Keys > 0 || !(await FunctionLibraries.ReadAsync(client, ct)).IsEmpty))
        {
            throw OperationException.Refused(
                $"{name} holds {info.Keys} keys or has functions: a backup is proven only in an empty server"
            );
        }
        // The marker outlives no emptying by itself: it is set again in the same transaction.
        await client.CallAllAsync(
            [
                RespCommand.Of("MULTI"),
                RespCommand.Of("FLUSHALL"),
                RespCommand.Of("FUNCTION", "FLUSH"),
                RespCommand.Of("SET", Marker.Name, token),
                RespCommand.Of("EXEC"),
            ],
            ct
        );
    }

    /// <summary>Empties the server, when it holds our marker.</summary>
    public async Task LeaveAsync(CancellationToken ct)
    {
        if (await IsOursAsync(ct))
            await client.CallAllAsync([RespCommand.Of("FUNCTION", "FLUSH"), RespCommand.Of("FLUSHALL")], ct);
    }

    /// <summary>Whether a key is the marker.</summary>
    public static bool IsMarker(KeyName key) => key == Marker;

    private async Task<bool> IsOursAsync(CancellationToken ct)
    {
        await client.SelectAsync(Marker.Database, ct);
        return await client.CallAsync(ct, "TYPE", Marker.Name) is RespReply.Text { Value: "string" }
            && await client.CallAsync(ct, "GET", Marker.Name) is RespReply.Text text
            && text.Value == token;
    }
}
