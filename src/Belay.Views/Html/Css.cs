using System.Globalization;
using Belay.Views.Reports;
using Belay.Views.Timelines;

namespace Belay.Views.Html;

/// <summary>Class names and lengths for the page's style.</summary>
internal static class Css
{
    /// <summary>The narrowest bar that the eye finds.</summary>
    private const double LeastBar = 0.4;

    public static string? Of(Tone tone) =>
        tone switch
        {
            Tone.Plain => null,
            Tone.Good => "good",
            Tone.Bad => "bad",
            Tone.Waiting => "waiting",
            Tone.Quiet => "quiet",
            _ => throw new ArgumentOutOfRangeException(nameof(tone)),
        };

    public static string Of(TimelineBar bar)
    {
        var kind = bar.Kind switch
        {
            SpanKind.Change => "change",
            SpanKind.Check => "check",
            SpanKind.Soak => "soak",
            SpanKind.Wait => "wait",
            SpanKind.Undo => "undo",
            _ => throw new ArgumentOutOfRangeException(nameof(bar)),
        };
        return bar.End switch
        {
            SpanEnd.Good => kind,
            SpanEnd.Bad => $"{kind} failed",
            SpanEnd.Cut => $"{kind} cut",
            SpanEnd.Open => $"{kind} open",
            _ => throw new ArgumentOutOfRangeException(nameof(bar)),
        };
    }

    public static string Percent(double share) => share.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A bar is never too narrow to be seen, and never leaves the picture.</summary>
    public static (string X, string Width) Place(TimelineBar bar)
    {
        var width = Math.Max(LeastBar, bar.Width);
        return (Percent(Math.Min(bar.X, 100 - width)), Percent(width));
    }
}
