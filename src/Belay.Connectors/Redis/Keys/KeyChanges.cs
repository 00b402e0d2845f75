using System.Collections.Immutable;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis.Keys;

/// <summary>
/// Learns which keys change from now on: client-side caching's broadcasting mode
/// (https://redis.io/docs/latest/develop/reference/client-side-caching), in which a server names every key that is
/// written. So a copy can be made while writers go on, and only what changed meanwhile is copied under a freeze.
/// </summary>
internal sealed class KeyChanges : IAsyncDisposable
{
    private const string Channel = "__redis__:invalidate";
    private readonly RedisClient listener;
    private readonly RedisClient tracker;

    private KeyChanges(RedisClient listener, RedisClient tracker) =>
        (this.listener, this.tracker) = (listener, tracker);

    /// <summary>Begins to learn; when it returns, no later change is missed.</summary>
    public static async Task<KeyChanges> BeginAsync(RedisSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var told = await RedisClient.OpenAsync(settings, clock, ct);
        var teller = await RedisClient.OpenAsync(settings, clock, ct);
        var id = (await told.CallAsync(ct, "CLIENT", "ID")).AsText();
        await told.CallAsync(ct, "SUBSCRIBE", Channel);
        await teller.CallAsync(ct, "CLIENT", "TRACKING", "ON", "REDIRECT", id, "BCAST");
        return new KeyChanges(told, teller);
    }

    /// <summary>The keys that changed since the last question, in every database of these servers (a change is told by its name alone).</summary>
    /// <remarks>
    /// A server sends the names of one turn of its event loop at the turn's end, possibly behind the answer to a PING of
    /// the same turn; behind the answer to a second one they have all arrived.
    /// </remarks>
    /// <exception cref="OperationException">Transient: somebody emptied a whole database, so that no names are known.</exception>
    public async Task<ImmutableArray<KeyName>> TakeAsync(CancellationToken ct, params RedisClient[] servers)
    {
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        await CollectAsync(names, ct);
        await CollectAsync(names, ct);
        var databases = new SortedSet<int>();
        foreach (var server in servers)
            databases.UnionWith((await ServerInfo.ReadAsync(server, ct, "keyspace")).Databases.Keys);
        return [.. databases.SelectMany(database => names.Select(name => new KeyName(database, name)))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await tracker.DisposeAsync();
        await listener.DisposeAsync();
    }

    private async Task CollectAsync(ImmutableHashSet<string>.Builder names, CancellationToken ct)
    {
        try
        {
            await listener.WriteAsync([RespCommand.Of("PING")], ct);
            while ((await listener.ReceiveAsync(ct)).AsMany() is var message && message[0].AsText() != "pong")
            {
                if (message[^1] is not RespReply.Many keys)
                    throw OperationException.Transient(
                        $"{listener.Address} was emptied by somebody meanwhile: begin again"
                    );
                names.UnionWith(keys.Items.Select(key => key.AsText()));
            }
        }
        catch (IOException broken)
        {
            throw OperationException.Transient(
                $"{listener.Address} broke the connection that tells of changed keys: {broken.Message}",
                broken
            );
        }
    }
}
