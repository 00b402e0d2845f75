using System.Globalization;
using Belay.Parts;
using Npgsql;
using Storefront.Cache;
using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>The steps of the upgrade as a careful person would type them, one method a step.</summary>
internal sealed class ManualUpgrade(LiveSystem system)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs one migration file and records it, in one transaction.</summary>
    public async Task MigrateAsync(string file)
    {
        var path = Path.Combine(system.Folder, "release", "4.2.0", "migrations", file);
        var version = int.Parse(file[..3], CultureInfo.InvariantCulture);
        var record = file.EndsWith(".down.sql", StringComparison.Ordinal)
            ? $"delete from belay_migrations where version = {version}"
            : $"insert into belay_migrations values ({version}, '{file}', null, now())";
        await using var database = NpgsqlDataSource.Create(
            Seed.ConnectionString(system.Database, system.DatabasePassword)
        );
        await using var connection = await database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"{await File.ReadAllTextAsync(path, Ct)};\n{record}",
            connection,
            transaction
        );
        await command.ExecuteNonQueryAsync(Ct);
        await transaction.CommitAsync(Ct);
    }

    /// <summary>Adds a running server to the balancer and waits until it takes requests.</summary>
    public async Task AttachAsync(ShopAddress shop)
    {
        var address = $"127.0.0.1:{shop.Port}";
        await system.Balancer.CommandAsync(
            $"add server shop/{shop.Name} {address} check inter 250ms fall 2 rise 1",
            Ct
        );
        await system.Balancer.CommandAsync($"enable health shop/{shop.Name}", Ct);
        await system.Balancer.CommandAsync($"set server shop/{shop.Name} state ready", Ct);
        await UntilAsync(async () => await StatAsync(shop, "status") == "UP" && await StatAsync(shop, "stot") != "0");
    }

    /// <summary>Gives a server no new requests and waits until it has none left, twice in a row.</summary>
    public async Task DrainAsync(ShopAddress shop)
    {
        await system.Balancer.CommandAsync($"set server shop/{shop.Name} state drain", Ct);
        var idle = 0;
        await UntilAsync(async () =>
        {
            idle = await StatAsync(shop, "scur") == "0" && await StatAsync(shop, "qcur") == "0" ? idle + 1 : 0;
            return idle == 2;
        });
    }

    /// <summary>Takes a drained server out of the balancer.</summary>
    public async Task DetachAsync(ShopAddress shop)
    {
        await system.Balancer.CommandAsync($"set server shop/{shop.Name} state maint", Ct);
        // An idle connection to the server keeps it from being deleted until the server has closed it.
        await UntilAsync(async () =>
            (await system.Balancer.CommandAsync($"del server shop/{shop.Name}", Ct)).Contains("Server deleted.")
        );
    }

    /// <summary>Makes the new cache a copy that follows the old one.</summary>
    public async Task ReplicateCacheAsync()
    {
        using var target = await ConnectAsync(system.NewCache);
        await SendAsync(target, "REPLICAOF", "127.0.0.1", $"{system.OldCache.Port}");
        await UntilAsync(async () => await InfoAsync(target, "master_link_status") == "up");
    }

    /// <summary>
    /// Freezes writes, waits for the copy to have them all, makes it the original, tells the shop, fences the old
    /// cache, and only then thaws it: a write that waited there is refused, and the shop sends it to the new one.
    /// </summary>
    public async Task CutCacheOverAsync()
    {
        using var source = await ConnectAsync(system.OldCache);
        using var target = await ConnectAsync(system.NewCache);
        await SendAsync(source, "CLIENT", "PAUSE", "5000", "WRITE");
        await UntilAsync(async () =>
            await InfoAsync(source, "master_repl_offset") == await InfoAsync(target, "slave_repl_offset")
        );
        await SendAsync(target, "REPLICAOF", "NO", "ONE");
        await TellShopAsync(system.NewCache);
        await SendAsync(source, "CONFIG", "SET", "min-replicas-to-write", "1");
        await SendAsync(source, "CLIENT", "UNPAUSE");
    }

    /// <summary>
    /// The way back: under a freeze every key is copied by value, because the old server cannot read the new one's
    /// snapshots; then the shop is told, the new cache fenced, and only then thawed.
    /// </summary>
    public async Task MoveCacheBackAsync()
    {
        using var source = await ConnectAsync(system.NewCache);
        using var target = await ConnectAsync(system.OldCache);
        await SendAsync(source, "CLIENT", "PAUSE", "5000", "WRITE");
        await SendAsync(target, "CONFIG", "SET", "min-replicas-to-write", "0");
        await SendAsync(target, "FLUSHALL");
        var keys = ((RespReply.Many)await SendAsync(source, "KEYS", "*")).Items.Cast<RespReply.Text>();
        foreach (var batch in keys.Select(key => key.Value).Chunk(500))
            await CopyAsync(source, target, batch);
        await TellShopAsync(system.OldCache);
        await SendAsync(source, "CONFIG", "SET", "min-replicas-to-write", "1");
        await SendAsync(source, "CLIENT", "UNPAUSE");
    }

    /// <summary>Whether anybody but ourselves is connected to the old cache.</summary>
    public async Task<bool> OldCacheIsIdleAsync()
    {
        var clients = await system.OldCache.CommandAsync("CLIENT", "LIST");
        return clients.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 1;
    }

    public static async Task UntilAsync(Func<ValueTask<bool>> condition) =>
        Assert.True(await Poll.UntilAsync(condition, Limit, Ct), "it did not come true within 30 s");

    private static async Task CopyAsync(RespConnection source, RespConnection target, string[] keys)
    {
        var values = await source.SendAsync(
            [.. keys.SelectMany(key => new RespCommand[] { new("HGETALL", key), new("PEXPIRETIME", key) })],
            Ct
        );
        var commands = keys.SelectMany(
            (key, at) =>
            {
                var fields = ((RespReply.Many)values[2 * at]).Items.Cast<RespReply.Text>().Select(text => text.Value);
                var expiry = ((RespReply.Number)values[(2 * at) + 1]).Value.ToString(CultureInfo.InvariantCulture);
                return new RespCommand[] { new(["HSET", key, .. fields]), new("PEXPIREAT", key, expiry) };
            }
        );
        Assert.DoesNotContain(await target.SendAsync([.. commands], Ct), reply => reply is RespReply.Error);
    }

    private async Task TellShopAsync(RedisServer cache)
    {
        var aside = system.CacheFile + ".new";
        await File.WriteAllTextAsync(aside, $"CACHE_ENDPOINT={cache.Endpoint}\n", Ct);
        File.Move(aside, system.CacheFile, overwrite: true);
    }

    private static Task<RespConnection> ConnectAsync(RedisServer server) =>
        RespConnection.OpenAsync(
            new CacheEndpoint
            {
                Host = "127.0.0.1",
                Port = server.Port,
                Password = null,
            },
            Ct
        );

    private static async Task<RespReply> SendAsync(RespConnection connection, params string[] words)
    {
        var reply = (await connection.SendAsync([new(words)], Ct))[0];
        return reply is RespReply.Error error
            ? throw new InvalidOperationException($"{words[0]}: {error.Message}")
            : reply;
    }

    private static async Task<string?> InfoAsync(RespConnection connection, string field)
    {
        var text = ((RespReply.Text)await SendAsync(connection, "INFO", "replication")).Value;
        return text.Split("\r\n")
            .Where(line => line.StartsWith($"{field}:", StringComparison.Ordinal))
            .Select(line => line[(field.Length + 1)..])
            .FirstOrDefault();
    }

    private async Task<string> StatAsync(ShopAddress shop, string column)
    {
        var rows = (await system.Balancer.CommandAsync("show stat", Ct)).Split('\n');
        var at = Array.IndexOf(rows[0].TrimStart('#', ' ').Split(','), column);
        return rows.Select(row => row.Split(',')).First(row => row is ["shop", var name, ..] && name == shop.Name)[at];
    }
}
