using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>Puts keys onto a server.</summary>
/// <param name="client">The server.</param>
/// <param name="before">Sent before each batch, in the same write.</param>
/// <param name="after">Sent after each batch, in the same write.</param>
internal sealed class KeyWriter(RedisClient client, RespCommand? before = null, RespCommand? after = null)
{
    // A server reads 16 KiB at a time (PROTO_IOBUF_LEN) and carries out what it has read before it turns to another
    // client: within that size nobody comes between the commands of a batch.
    private const int BatchBytes = 12 * 1024;

    /// <summary>Carries out groups of commands of one database; a group is never torn apart.</summary>
    public async Task WriteAsync(int database, IEnumerable<IEnumerable<RespCommand>> groups, CancellationToken ct)
    {
        await client.SelectAsync(database, ct);
        var batch = new List<RespCommand>();
        var size = 0;
        foreach (var group in groups.Select(commands => commands.ToArray()))
        {
            var added = group.Sum(command => command.Arguments.Sum(argument => argument.Length + 16));
            if (size + added > BatchBytes)
            {
                await SendAsync(batch, ct);
                (batch, size) = ([], 0);
            }
            batch.AddRange(group);
            size += added;
        }
        await SendAsync(batch, ct);
    }

    private async Task SendAsync(List<RespCommand> batch, CancellationToken ct)
    {
        if (batch.Count == 0)
            return;
        if (before is not null)
            batch.Insert(0, before);
        if (after is not null)
            batch.Add(after);
        await client.CallAllAsync(batch, ct);
    }
}
