using Belay.Domain.Json;
using Belay.Domain.Memory;

namespace Belay.Cli.Screens;

/// <summary>How long it will take, in words; what was never measured is said. Pure.</summary>
internal static class ForecastText
{
    public static string Words(Forecast forecast)
    {
        var known =
            forecast.Most == TimeSpan.Zero
                ? "nothing was measured in earlier runs"
                : $"about {Duration.Rounded(forecast.Typical)}, {Duration.Rounded(forecast.Most)} if everything is slow";
        return known
            + Amounts(forecast)
            + (forecast.Unmeasured.IsEmpty ? "" : $"; never measured: {Screens.Words.List(forecast.Unmeasured)}")
            + (forecast.OpenEnded.IsEmpty ? "" : $"; nobody can say: {Screens.Words.List(forecast.OpenEnded)}");
    }

    private static string Amounts(Forecast forecast) =>
        forecast.Amounts.IsEmpty
            ? ""
            : $", with {string.Join(", ", forecast.Amounts.Select(step => FormattableString.Invariant($"{step.Value.Count:#,0} {step.Value.Unit} in '{step.Key}'")))}";

    /// <summary>Whether it ends in time.</summary>
    public static ScreenLine Fits(Forecast forecast, DateTimeOffset now, DateTimeOffset until)
    {
        var left = until - now;
        var (word, tone) = Answer(forecast, left);
        return ScreenLine.Of(
            $"until {until.ToLocalTime():yyyy-MM-dd HH:mm} there are {Duration.Rounded(left)}: {word} ({Words(forecast)})",
            tone
        );
    }

    private static (string Word, Tone Tone) Answer(Forecast forecast, TimeSpan left) =>
        forecast.Typical > left ? ("it does not fit", Tone.Bad)
        : forecast.Most > left ? ("it fits only if all goes as usual", Tone.Warning)
        : forecast.IsWhole ? ("it fits", Tone.Good)
        : ("what was measured fits; the whole cannot be told", Tone.Warning);
}
