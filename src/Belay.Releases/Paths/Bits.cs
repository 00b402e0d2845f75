using System.Numerics;

namespace Belay.Releases.Paths;

/// <summary>Sets of small numbers.</summary>
internal static class Bits
{
    public static ulong[] None(int count) => new ulong[(count + 63) / 64];

    public static ulong[] All(int count)
    {
        var set = None(count);
        for (var i = 0; i < count; i++)
            Set(set, i);
        return set;
    }

    public static void Set(ulong[] set, int number) => set[number / 64] |= 1UL << (number % 64);

    public static void Clear(ulong[] set, int number) => set[number / 64] &= ~(1UL << (number % 64));

    public static bool Has(ulong[] set, int number) => (set[number / 64] & (1UL << (number % 64))) != 0;

    public static bool IsEmpty(ulong[] set) => !set.AsSpan().ContainsAnyExcept(0UL);

    public static bool Meet(ulong[] a, ulong[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if ((a[i] & b[i]) != 0)
                return true;
        }
        return false;
    }

    /// <summary>The least number of a set that is not empty.</summary>
    public static int First(ulong[] set)
    {
        var word = set.AsSpan().IndexOfAnyExcept(0UL);
        return (word * 64) + BitOperations.TrailingZeroCount(set[word]);
    }

    public static IEnumerable<int> In(ulong[] set)
    {
        for (var word = 0; word < set.Length; word++)
        {
            for (var rest = set[word]; rest != 0; rest &= rest - 1)
                yield return (word * 64) + BitOperations.TrailingZeroCount(rest);
        }
    }
}
