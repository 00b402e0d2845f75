using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Plans;
using Belay.Domain.Versions;

namespace Belay.Domain.Compatibility;

/// <summary>A part of a system that has a version of its own: a service, a server, a schema.</summary>
public sealed record Component
{
    /// <summary>The versions that can be had, the oldest first, as they are written.</summary>
    public required ImmutableArray<string> Versions { get; init; }

    /// <summary>How far one step may lead. Default: as far as one likes.</summary>
    public Stride Stride { get; init; }

    /// <summary>The only moves that are allowed; empty: <see cref="Stride"/> says it.</summary>
    public ImmutableArray<Move> Moves { get; init; } = [];

    /// <summary>Where it is stated.</summary>
    [JsonIgnore]
    public SourcePosition? At { get; init; }

    /// <summary>The place of a version among <see cref="Versions"/>; -1 when it is none of them.</summary>
    public int IndexOf(string version)
    {
        var wanted = VersionNumber.TryParse(version);
        for (var i = 0; wanted is not null && i < Versions.Length; i++)
        {
            if (wanted == VersionNumber.TryParse(Versions[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Whether one step may lead from a version to a newer one.</summary>
    /// <param name="from">The place of the version among <see cref="Versions"/>.</param>
    /// <param name="to">The place of the other one. No step leads back.</param>
    public bool MayMove(int from, int to)
    {
        if (to <= from)
            return false;
        var (old, next) = (VersionNumber.TryParse(Versions[from])!, VersionNumber.TryParse(Versions[to])!);
        if (!Moves.IsEmpty)
            return Moves.Any(move =>
                VersionRange.TryParse(move.From)!.Holds(old) && VersionRange.TryParse(move.To)!.Holds(next)
            );
        return Stride switch
        {
            Stride.Any => true,
            Stride.Next => to == from + 1,
            Stride.OneMajor => next.At(0) <= old.At(0) + 1,
            Stride.OneMinor => IsOneMinor(old, next),
            _ => throw new ArgumentOutOfRangeException(nameof(from)),
        };
    }

    // Into the next major number only from the last minor one that there is to the first one.
    private bool IsOneMinor(VersionNumber old, VersionNumber next) =>
        next.At(0) == old.At(0)
            ? next.At(1) <= old.At(1) + 1
            : next.At(0) == old.At(0) + 1 && Minors(old).Max() == old.At(1) && Minors(next).Min() == next.At(1);

    private IEnumerable<System.Numerics.BigInteger> Minors(VersionNumber sameMajor) =>
        Versions
            .Select(version => VersionNumber.TryParse(version)!)
            .Where(version => version.At(0) == sameMajor.At(0))
            .Select(version => version.At(1));
}

/// <summary>How far one step of a component may lead.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Stride>))]
public enum Stride
{
    /// <summary>To any newer version.</summary>
    [JsonStringEnumMemberName("any")]
    Any,

    /// <summary>To the next version of the list.</summary>
    [JsonStringEnumMemberName("next")]
    Next,

    /// <summary>At most one minor number further; from the last minor number of a major one to the first of the next.</summary>
    [JsonStringEnumMemberName("one-minor")]
    OneMinor,

    /// <summary>At most one major number further.</summary>
    [JsonStringEnumMemberName("one-major")]
    OneMajor,
}

/// <summary>Moves that are allowed: from each version of one range to each newer version of another.</summary>
/// <param name="From">The range of the version before.</param>
/// <param name="To">The range of the version afterwards.</param>
public sealed record Move(string From, string To);
