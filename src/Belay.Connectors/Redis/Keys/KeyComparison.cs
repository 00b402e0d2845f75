using System.Collections.Immutable;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>A key that is not the same on both sides.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Why">What differs.</param>
public sealed record KeyMismatch(string Key, string Why);

/// <summary>Compares the keys of two live servers: type, value regardless of order, absolute expiry.</summary>
internal sealed class KeyComparison(RedisClient left, RedisClient right, KeySample sample, TimeProvider clock)
{
    private const int MostNamed = 10;
    private const int Rounds = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Dictionary<KeyName, string> mismatches = [];

    /// <summary>How many keys were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>How many keys differ.</summary>
    public long Differing => mismatches.Count;

    /// <summary>The first ten that differ, by name.</summary>
    public ImmutableArray<KeyMismatch> Named =>
        [
            .. mismatches
                .OrderBy(m => m.Key.Name, StringComparer.Ordinal)
                .Take(MostNamed)
                .Select(m => new KeyMismatch(m.Key.ToString(), m.Value)),
        ];

    /// <summary>Compares all keys of the sample. What differs is looked at again a few times: a write may be under way from one side to the other.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var keys in KeyReader.ScanAsync(left, ct))
        {
            var some = keys.Where(sample.Holds).ToArray();
            Compared += some.Length;
            await CompareAsync(some, ct);
        }
        await foreach (var keys in KeyReader.ScanAsync(right, ct))
            await CompareAsync(await MissingOnLeftAsync([.. keys.Where(sample.Holds)], ct), ct);

        for (var round = 0; round < Rounds && mismatches.Count > 0; round++)
        {
            await Task.Delay(Pause, clock, ct);
            var doubtful = mismatches.Keys.ToArray();
            mismatches.Clear();
            foreach (var keys in doubtful.Chunk(500))
                await CompareAsync(keys, ct);
        }
    }

    private async Task CompareAsync(KeyName[] keys, CancellationToken ct)
    {
        var leftImages = await KeyReader.ReadAsync(left, keys, ct);
        var rightImages = await KeyReader.ReadAsync(right, keys, ct);
        var now = await KeyReader.NowAsync(right, ct);
        foreach (var key in keys)
        {
            if (KeyImage.Compare(leftImages.GetValueOrDefault(key), rightImages.GetValueOrDefault(key), now) is { } why)
                mismatches[key] = why;
        }
    }

    private async Task<KeyName[]> MissingOnLeftAsync(KeyName[] keys, CancellationToken ct)
    {
        if (keys.Length == 0)
            return [];
        await left.SelectAsync(keys[0].Database, ct);
        var exist = await left.CallAllAsync([.. keys.Select(key => RespCommand.Of("EXISTS", key.Name))], ct);
        return [.. keys.Where((_, i) => exist[i].AsNumber() == 0)];
    }
}
