namespace Belay.Domain.Memory;

/// <summary>How a duration was spread over earlier runs.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P90">Nine of ten took no longer; with fewer than ten it is the longest.</param>
/// <param name="Samples">How many there were, at least 1.</param>
public sealed record Spread(TimeSpan P50, TimeSpan P90, int Samples)
{
    /// <summary>Nothing that is reckoned takes longer than this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>How much work the newest of them was; null: it did not say.</summary>
    public Amount? Newest { get; init; }

    /// <summary>How long a unit of <see cref="Newest"/> took; null when no size is known.</summary>
    public Pace? Pace { get; init; }

    /// <summary>What to expect of the next run: the work of the newest one at the usual pace; where sizes are not known, the durations as they were.</summary>
    public Spread Expected => Newest is { } amount ? For(amount) : this;

    /// <summary>The spread of some durations, at least one (nearest rank).</summary>
    public static Spread Of(IReadOnlyCollection<TimeSpan> durations)
    {
        var sorted = durations.Order().ToArray();
        return new(At(sorted, 0.5), At(sorted, 0.9), sorted.Length);
    }

    /// <summary>The spread of the times of one step, at least one, the newest first.</summary>
    public static Spread Of(IReadOnlyCollection<StepTime> times)
    {
        var spread = Of([.. times.Select(time => time.Took)]);
        if (times.FirstOrDefault(time => time is { Size: > 0, Unit: not null }) is not { } newest)
            return spread;
        double[] paces =
        [
            .. times
                .Where(time => time.Size > 0 && time.Unit == newest.Unit)
                .Select(time => time.Took.TotalSeconds / time.Size!.Value)
                .Order(),
        ];
        return spread with
        {
            Newest = new Amount(newest.Size!.Value, newest.Unit!),
            Pace = new Pace(At(paces, 0.5), At(paces, 0.9)),
        };
    }

    /// <summary>What so much work takes, as if its time grew with its size; the durations as they were when that cannot be told.</summary>
    public Spread For(Amount amount) =>
        Pace is { } pace && Newest?.Unit == amount.Unit && amount.Count > 0
            ? this with
            {
                P50 = Whole(pace.P50 * amount.Count),
                P90 = Whole(pace.P90 * amount.Count),
            }
            : this;

    private static TimeSpan Whole(double seconds) =>
        seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;

    private static T At<T>(T[] sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
}

/// <summary>How much work a step was, in the words of its progress.</summary>
/// <param name="Count">How many units, at least 1.</param>
/// <param name="Unit">The unit, plural: <c>bytes</c>, <c>rows</c>.</param>
public sealed record Amount(long Count, string Unit);

/// <summary>How long one unit of work took, in seconds.</summary>
/// <param name="P50">Half of the runs were no slower.</param>
/// <param name="P90">Nine of ten were no slower; of fewer than ten it is the slowest.</param>
public sealed record Pace(double P50, double P90);
