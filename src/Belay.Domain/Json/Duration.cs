using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Belay.Domain.Json;

/// <summary>Durations as plan files write them: whole numbers with units d, h, m, s, ms, from large to small: <c>1h30m</c>, <c>200ms</c>.</summary>
public static partial class Duration
{
    /// <summary>An example for messages.</summary>
    public const string Example = "200ms, 30s, 15m or 1h30m";

    /// <summary>The longest duration: longer ones could be written and not be read again.</summary>
    public static readonly TimeSpan Greatest = TimeSpan.FromDays(999_999);

    /// <summary>The pattern that a duration matches, for the schema.</summary>
    public const string Pattern =
        "^(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,7})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,10})s)?(?:(?<ms>[0-9]{1,12})ms)?$";

    /// <summary>Reads a duration; false when the text is none, or longer than <see cref="Greatest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var match = Shape().Match(text);
        if (text.Length == 0 || !match.Success)
            return false;
        value =
            TimeSpan.FromDays(Part(match, "d"))
            + TimeSpan.FromHours(Part(match, "h"))
            + TimeSpan.FromMinutes(Part(match, "m"))
            + TimeSpan.FromSeconds(Part(match, "s"))
            + TimeSpan.FromMilliseconds(Part(match, "ms"));
        return value <= Greatest;
    }

    /// <summary>Writes a duration so that <see cref="TryParse"/> reads the same value, to the millisecond.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.FromMilliseconds(1))
            return "0s";
        var text = new StringBuilder();
        Add(text, value.Days, "d");
        Add(text, value.Hours, "h");
        Add(text, value.Minutes, "m");
        Add(text, value.Seconds, "s");
        Add(text, value.Milliseconds, "ms");
        return text.ToString();
    }

    /// <summary>Writes a duration for people, rounded down to what they notice: <c>417ms</c>, <c>4.2s</c>, <c>42s</c>, <c>3m12s</c>, <c>2h05m</c>, <c>3d4h</c>; a negative one is <c>0ms</c>.</summary>
    public static string Rounded(TimeSpan value) =>
        value switch
        {
            { TotalSeconds: < 1 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Max(0, (int)value.TotalMilliseconds)}ms"
            ),
            { TotalSeconds: < 10 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Seconds}.{value.Milliseconds / 100}s"
            ),
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.Seconds}s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.Minutes}m{value.Seconds:00}s"),
            { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.Hours}h{value.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value.Days}d{value.Hours}h"),
        };

    private static long Part(Match match, string group) =>
        match.Groups[group].Success ? long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static void Add(StringBuilder text, int amount, string unit)
    {
        if (amount > 0)
            text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
    }

    // No NonBacktracking: it is built at run time, which a short command would wait for. The pattern is anchored and linear.
    [GeneratedRegex(
        Pattern,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Shape();
}
