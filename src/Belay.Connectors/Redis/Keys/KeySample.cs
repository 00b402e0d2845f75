using System.Text;

namespace Belay.Connectors.Redis.Keys;

/// <summary>A sample of keys, drawn by their names: the same on both sides, and the same again with the same seed.</summary>
internal sealed class KeySample
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    private readonly ulong seed;
    private readonly ulong threshold;

    private KeySample(ulong seed, ulong threshold) => (this.seed, this.threshold) = (seed, threshold);

    /// <summary>All keys.</summary>
    public static KeySample All { get; } = new(0, ulong.MaxValue);

    /// <summary>About <paramref name="size"/> of <paramref name="keys"/> keys.</summary>
    public static KeySample About(long size, long keys, int seed) =>
        size >= keys ? All : new((ulong)seed, (ulong)((double)size / keys * ulong.MaxValue));

    /// <summary>Whether the sample holds this key.</summary>
    public bool Holds(KeyName key)
    {
        if (threshold == ulong.MaxValue)
            return true;
        // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), then a finaliser, since its high bits mix badly.
        var hash = FnvOffset ^ seed;
        foreach (var c in Encoding.Latin1.GetBytes(key.Name))
            hash = (hash ^ c) * FnvPrime;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return (hash ^ (hash >> 33)) < threshold;
    }
}
