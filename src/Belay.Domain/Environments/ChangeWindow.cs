using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Domain.Environments;

/// <summary>Hours of some days of the week in which an environment takes changes, in the wall-clock time of a zone.</summary>
public sealed record ChangeWindow
{
    /// <summary>The days on which it opens.</summary>
    public required ImmutableSortedSet<DayOfWeek> Days { get; init; }

    /// <summary>When it opens.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>When it closes; not later than <see cref="From"/> means on the next day.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>The zone whose clocks show these times.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The window that opens on a day; null when none does.</summary>
    /// <remarks>An hour that the clocks show twice belongs to it both times; where they leave out the hour at which it opens, it opens when they jump.</remarks>
    internal (DateTimeOffset From, DateTimeOffset To)? On(DateOnly day) =>
        Days.Contains(day.DayOfWeek)
            ? (
                WallClock.First(day.ToDateTime(From), Zone),
                WallClock.Last((To > From ? day : day.AddDays(1)).ToDateTime(To), Zone)
            )
            : null;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(' ', Days.Select(day => day.ToString()[..3]))} {From:HH:mm} to {To:HH:mm} {Zone.Id}"
        );
}
