using System.Collections.Immutable;

namespace Belay.Domain.Environments;

/// <summary>When an environment takes changes: inside a window, where there are any, and outside of every freeze. Pure.</summary>
public sealed record ChangeCalendar
{
    /// <summary>How far ahead the next opening is looked for.</summary>
    private const int DaysAhead = 800;

    /// <summary>Takes changes at any time.</summary>
    public static ChangeCalendar Always { get; } = new();

    /// <summary>The windows; none: any time.</summary>
    public ImmutableArray<ChangeWindow> Windows { get; init; } = [];

    /// <summary>The freezes.</summary>
    public ImmutableArray<ChangeFreeze> Freezes { get; init; } = [];

    /// <summary>Whether changes are taken at a moment.</summary>
    public CalendarAnswer At(DateTimeOffset now) =>
        FreezeAt(now) is { } freeze ? new CalendarAnswer.Frozen(freeze, Next(now))
        : IsInWindow(now) ? new CalendarAnswer.Open()
        : new CalendarAnswer.Closed(Next(now));

    /// <summary>The next moment at which changes are taken; null when there is none in the next two years.</summary>
    private DateTimeOffset? Next(DateTimeOffset now)
    {
        var moments = Freezes
            .Select(freeze => freeze.Ends)
            .Concat(Windows.SelectMany(window => Openings(window, now)))
            .Where(moment => moment > now)
            .Order()
            .Where(moment => FreezeAt(moment) is null && IsInWindow(moment))
            .Take(1)
            .ToArray();
        return moments.Length > 0 ? moments[0] : null;
    }

    private static IEnumerable<DateTimeOffset> Openings(ChangeWindow window, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, window.Zone).DateTime);
        for (var ahead = 0; ahead < DaysAhead; ahead++)
        {
            if (window.On(today.AddDays(ahead)) is { } open)
                yield return open.From;
        }
    }

    private ChangeFreeze? FreezeAt(DateTimeOffset now) =>
        Freezes.FirstOrDefault(freeze => freeze.Begins <= now && now < freeze.Ends);

    private bool IsInWindow(DateTimeOffset now) => Windows.IsEmpty || Windows.Any(window => Covers(window, now));

    private static bool Covers(ChangeWindow window, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, window.Zone).DateTime);
        // The window of yesterday may reach into today.
        return new[] { today.AddDays(-1), today }.Any(day =>
            window.On(day) is { } open && open.From <= now && now < open.To
        );
    }
}

/// <summary>Whether an environment takes changes at a moment. A closed hierarchy.</summary>
public abstract record CalendarAnswer
{
    private CalendarAnswer() { }

    /// <summary>It does.</summary>
    public sealed record Open : CalendarAnswer;

    /// <summary>No window is open.</summary>
    /// <param name="Opens">When changes are taken next; null: not in the next two years.</param>
    public sealed record Closed(DateTimeOffset? Opens) : CalendarAnswer;

    /// <summary>A freeze forbids changes.</summary>
    /// <param name="Freeze">Which.</param>
    /// <param name="Opens">When changes are taken next; null: not in the next two years.</param>
    public sealed record Frozen(ChangeFreeze Freeze, DateTimeOffset? Opens) : CalendarAnswer;
}
