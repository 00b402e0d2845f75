using System.Globalization;
using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>
/// Writes all keys of a live server into a file, as of one moment: first without a freeze, then, again and again, those
/// that changed meanwhile, the last few under a pause of writes.
/// </summary>
internal sealed class BackupExport(RedisSettings settings, TimeProvider clock, TimeSpan deadline)
{
    private const int FewChanges = 200;
    private const int MostRounds = 20;
    private int database;

    /// <summary>How long writes were frozen.</summary>
    public TimeSpan Freeze { get; private set; }

    /// <summary>The moment that the file holds.</summary>
    public DateTimeOffset TakenAt { get; private set; }

    /// <summary>The server's count of writing commands at that moment.</summary>
    public WriteCount? Writes { get; private set; }

    /// <summary>Writes the file (mode 0600), flushed to disk.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var client = await RedisClient.OpenAsync(settings, clock, ct);
        await using var changes = await KeyChanges.BeginAsync(settings, clock, ct);
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        var total = (await ServerInfo.ReadAsync(client, ct, "keyspace")).Keys;
        var done = 0L;
        await foreach (var keys in KeyReader.ScanAsync(client, ct))
        {
            await SaveAsync(client, keys, file, ct);
            yield return Progress.Count(done += keys.Length, total, "keys", "saving");
        }
        await CatchUpAsync(client, changes, file, ct);
        await FinishFrozenAsync(client, changes, file, ct);
        file.Flush(flushToDisk: true);
        yield return Progress.Say($"saved as of {TakenAt:u}; writes were frozen for {Freeze.TotalMilliseconds:0} ms");
    }

    private async Task CatchUpAsync(RedisClient client, KeyChanges changes, FileStream file, CancellationToken ct)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var keys = await changes.TakeAsync(ct, client);
            await SaveAsync(client, keys, file, ct);
            if (keys.Length <= FewChanges)
                return;
        }
    }

    private async Task FinishFrozenAsync(RedisClient client, KeyChanges changes, FileStream file, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        await client.CallAsync(Fence.Pause(deadline), ct);
        var keys = await changes.TakeAsync(ct, client);
        await SaveAsync(client, keys, file, ct);
        foreach (var code in (await FunctionLibraries.ReadAsync(client, ct)).Values)
            FunctionLibraries.Load(code).WriteTo(file);
        Writes = await WriteCount.ReadAsync(client, ct);
        TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(await KeyReader.NowAsync(client, ct));
        await client.CallAsync(Fence.Resume, ct);
        Freeze = clock.GetElapsedTime(begun);
        if (Freeze >= deadline)
        {
            throw OperationException.Transient(
                $"the freeze of {client.Address} ran out after {deadline.TotalMilliseconds:0} ms, before the last {keys.Length} changed keys were saved; writes go on"
            );
        }
    }

    private async Task SaveAsync(RedisClient client, IEnumerable<KeyName> keys, FileStream file, CancellationToken ct)
    {
        foreach (var some in keys.Chunk(500))
        {
            var images = await KeyReader.ReadAsync(client, some, ct);
            await using var pending = new MemoryStream();
            foreach (var key in some)
            {
                if (key.Database != database)
                {
                    database = key.Database;
                    RespCommand.Of("SELECT", database.ToString(CultureInfo.InvariantCulture)).WriteTo(pending);
                }
                foreach (var command in images.GetValueOrDefault(key)?.Commands ?? [KeyImage.Removal(key)])
                    command.WriteTo(pending);
            }
            await file.WriteAsync(pending.GetBuffer().AsMemory(0, (int)pending.Length), ct);
        }
    }
}
