using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Belay.Domain.Versions;

/// <summary>A version as people number releases: numbers with dots, maybe a pre-release after a hyphen (semver.org 2.0.0, any count of numbers).</summary>
public sealed record VersionNumber : IComparable<VersionNumber>, IComparable
{
    private readonly ImmutableArray<BigInteger> numbers;
    private readonly string pre;

    private VersionNumber(ImmutableArray<BigInteger> numbers, string pre) => (this.numbers, this.pre) = (numbers, pre);

    /// <summary>How many numbers it was written with.</summary>
    public int Length => numbers.Length;

    /// <summary>Reads a version; a <c>v</c> before it and build metadata behind it count for nothing. Null: it is none.</summary>
    public static VersionNumber? TryParse(string text)
    {
        var bare = text.Trim().TrimStart('v', 'V').Split('+')[0];
        var parts = bare.Split('-', 2);
        var read = ImmutableArray.CreateBuilder<BigInteger>();
        foreach (var part in parts[0].Split('.'))
        {
            if (
                part.Length > 30
                || !BigInteger.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
                return null;
            read.Add(number);
        }
        return new VersionNumber(read.ToImmutable(), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>The version after all those that begin as this one does up to a place.</summary>
    /// <param name="place">Which number is counted up, from 0.</param>
    internal VersionNumber Next(int place) =>
        new([.. Enumerable.Range(0, place + 1).Select(i => At(i) + (i == place ? 1 : 0))], "");

    internal BigInteger At(int place) => place < numbers.Length ? numbers[place] : 0;

    /// <inheritdoc/>
    public int CompareTo(VersionNumber? other)
    {
        if (other is null)
            return 1;
        for (var i = 0; i < Math.Max(Length, other.Length); i++)
        {
            if (At(i).CompareTo(other.At(i)) is not 0 and var order)
                return order;
        }
        return (pre.Length, other.pre.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePre(pre.Split('.'), other.pre.Split('.')),
        };
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) =>
        obj is null or VersionNumber
            ? CompareTo(obj as VersionNumber)
            : throw new ArgumentException("not a version", nameof(obj));

    // Numbers by value and before words, words by their letters, fewer before more.
    private static int ComparePre(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (isA, isB) = (BigInteger.TryParse(a[i], out var x), BigInteger.TryParse(b[i], out var y));
            var order =
                isA && isB ? x.CompareTo(y)
                : isA != isB ? isB.CompareTo(isA)
                : string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
                return order;
        }
        return a.Length.CompareTo(b.Length);
    }

    /// <inheritdoc/>
    public bool Equals(VersionNumber? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At(0), At(1), At(2), pre);

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', numbers) + (pre.Length > 0 ? $"-{pre}" : "");

    /// <summary>Whether one is older.</summary>
    public static bool operator <(VersionNumber a, VersionNumber b) => a.CompareTo(b) < 0;

    /// <summary>Whether one is newer.</summary>
    public static bool operator >(VersionNumber a, VersionNumber b) => a.CompareTo(b) > 0;

    /// <summary>Whether one is older or the same.</summary>
    public static bool operator <=(VersionNumber a, VersionNumber b) => a.CompareTo(b) <= 0;

    /// <summary>Whether one is newer or the same.</summary>
    public static bool operator >=(VersionNumber a, VersionNumber b) => a.CompareTo(b) >= 0;
}
