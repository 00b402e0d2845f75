using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>Brings a backup's file into a server, and compares the two.</summary>
internal sealed class BackupRestore(BackupFile file, RedisClient client)
{
    private const int GroupsAtOnce = 200;
    private const int MostNamed = 10;

    /// <summary>Removes what the file does not hold, then makes what it holds.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(long total, [EnumeratorCancellation] CancellationToken ct)
    {
        var wanted = await file.DigestsAsync(ct);
        var writer = new KeyWriter(client);
        await foreach (var keys in KeyReader.ScanAsync(client, ct))
        {
            var surplus = keys.Where(key => !wanted.ContainsKey(key) && !Scratch.IsMarker(key));
            if (!keys.IsEmpty)
                await writer.WriteAsync(keys[0].Database, surplus.Select(key => new[] { KeyImage.Removal(key) }), ct);
        }
        await client.CallAsync(ct, "FUNCTION", "FLUSH");
        var some = new List<BackupGroup>();
        var done = 0L;
        await foreach (var group in file.ReadAsync(ct))
        {
            if (some.Count == GroupsAtOnce || (some.Count > 0 && some[0].Database != group.Database))
            {
                await writer.WriteAsync(some[0].Database, some.Select(g => g.Commands.AsEnumerable()), ct);
                yield return Progress.Count(done += some.Count, Math.Max(done, total), "keys", "restoring");
                some.Clear();
            }
            some.Add(group);
        }
        if (some.Count > 0)
            await writer.WriteAsync(some[0].Database, some.Select(g => g.Commands.AsEnumerable()), ct);
    }

    /// <summary>Whether the server holds exactly what the file holds; keys that have expired meanwhile are left out on both sides.</summary>
    public async Task<Verdict> CompareAsync(CancellationToken ct)
    {
        var wanted = await file.DigestsAsync(ct);
        var differing = new SortedSet<string>(StringComparer.Ordinal);
        var now = 0L;
        await foreach (var keys in KeyReader.ScanAsync(client, ct))
        {
            var images = await KeyReader.ReadAsync(client, keys, ct);
            now = await KeyReader.NowAsync(client, ct);
            foreach (var image in images.Values.Where(image => !Scratch.IsMarker(image.Key)))
            {
                if (!wanted.Remove(image.Key, out var digest) || digest != KeyDigest.Of(image))
                    differing.Add(image.Key.ToString());
            }
        }
        now = await KeyReader.NowAsync(client, ct);
        differing.UnionWith(wanted.Where(left => !left.Value.IsExpired(now)).Select(left => left.Key.ToString()));
        if (differing.Count > 0)
        {
            return new Verdict.Broken(
                $"{differing.Count} keys of {client.Address} are not as in the backup: {string.Join(", ", differing.Take(MostNamed))}"
            );
        }
        var functions = (await FunctionLibraries.ReadAsync(client, ct)).Values.Order(StringComparer.Ordinal);
        var saved = (await file.FunctionsAsync(ct))
            .Select(command => command.Arguments[^1])
            .Order(StringComparer.Ordinal);
        return functions.SequenceEqual(saved, StringComparer.Ordinal)
            ? Verdict.Ok
            : new Verdict.Broken($"the functions of {client.Address} are not those of the backup");
    }
}
