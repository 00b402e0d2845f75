using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>Makes the keys of one server those of another, by commands that both know.</summary>
internal sealed class KeyCopy(RedisClient source, RedisClient target, KeyWriter writer)
{
    private const int MostAtOnce = 500;

    /// <summary>How many keys were written or removed so far.</summary>
    public long Written { get; private set; }

    /// <summary>Makes all keys the same; keys that exist only on the target are removed. Tells how many were looked at.</summary>
    public async IAsyncEnumerable<long> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var seen = 0L;
        await foreach (var keys in KeyReader.ScanAsync(source, ct))
        {
            await TheseAsync(keys, ct);
            yield return seen += keys.Length;
        }
        await foreach (var keys in KeyReader.ScanAsync(target, ct))
            await RemoveSurplusAsync(keys, ct);
    }

    /// <summary>Makes these keys the same.</summary>
    public async Task TheseAsync(IEnumerable<KeyName> keys, CancellationToken ct)
    {
        foreach (var some in keys.Chunk(MostAtOnce))
        {
            var (there, differing) = await CompareAsync(some, ct);
            foreach (var database in differing.GroupBy(key => key.Database))
            {
                await writer.WriteAsync(
                    database.Key,
                    database.Select(key =>
                        there.TryGetValue(key, out var image) ? image.Commands : [KeyImage.Removal(key)]
                    ),
                    ct
                );
            }
            Written += differing.Length;
        }
    }

    /// <summary>Makes the libraries of functions the same.</summary>
    public async Task FunctionsAsync(CancellationToken ct)
    {
        var changes = FunctionLibraries.Changes(
            await FunctionLibraries.ReadAsync(target, ct),
            await FunctionLibraries.ReadAsync(source, ct)
        );
        await writer.WriteAsync(0, changes.Select(change => new[] { change }), ct);
    }

    /// <summary>Those of these keys that differ.</summary>
    public async Task<ImmutableArray<KeyName>> DifferingAsync(IEnumerable<KeyName> keys, CancellationToken ct)
    {
        var differing = ImmutableArray.CreateBuilder<KeyName>();
        foreach (var some in keys.Chunk(MostAtOnce))
            differing.AddRange((await CompareAsync(some, ct)).Differing);
        return differing.ToImmutable();
    }

    private async Task<(IReadOnlyDictionary<KeyName, KeyImage> There, KeyName[] Differing)> CompareAsync(
        KeyName[] keys,
        CancellationToken ct
    )
    {
        var there = await KeyReader.ReadAsync(source, keys, ct);
        var here = await KeyReader.ReadAsync(target, keys, ct);
        var now = await KeyReader.NowAsync(target, ct);
        return (
            there,
            Array.FindAll(
                keys,
                key => KeyImage.Compare(there.GetValueOrDefault(key), here.GetValueOrDefault(key), now) is not null
            )
        );
    }

    private async Task RemoveSurplusAsync(ImmutableArray<KeyName> keys, CancellationToken ct)
    {
        if (keys.IsEmpty)
            return;
        await source.SelectAsync(keys[0].Database, ct);
        var exist = await source.CallAllAsync([.. keys.Select(key => RespCommand.Of("EXISTS", key.Name))], ct);
        var surplus = keys.Where((_, i) => exist[i].AsNumber() == 0).ToArray();
        await writer.WriteAsync(keys[0].Database, surplus.Select(key => new[] { KeyImage.Removal(key) }), ct);
        Written += surplus.Length;
    }
}
