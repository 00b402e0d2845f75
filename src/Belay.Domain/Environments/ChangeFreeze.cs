using System.Globalization;

namespace Belay.Domain.Environments;

/// <summary>A time in which an environment takes no changes.</summary>
public sealed record ChangeFreeze
{
    /// <summary>When it begins, in the wall-clock time of the zone.</summary>
    public required DateTime From { get; init; }

    /// <summary>When it is over, in the wall-clock time of the zone; this moment is no part of it.</summary>
    public required DateTime To { get; init; }

    /// <summary>The zone whose clocks show these times.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    internal DateTimeOffset Begins => WallClock.First(From, Zone);

    internal DateTimeOffset Ends => WallClock.Last(To, Zone);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd HH:mm} to {To:yyyy-MM-dd HH:mm} {Zone.Id}");
}
