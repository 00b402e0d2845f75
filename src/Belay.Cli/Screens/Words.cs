using System.Globalization;
using Belay.Cli.Status;
using Belay.Domain.Json;

namespace Belay.Cli.Screens;

/// <summary>Numbers and times as people read them.</summary>
internal static class Words
{
    public static string Ago(TimeSpan time) => $"{Duration.Rounded(time)} ago";

    /// <summary>The first of some names, and how many more there are.</summary>
    public static string List(IEnumerable<string> names)
    {
        const int Shown = 8;
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown)) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }

    public static string Watch(WatchStatus watch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Samples:#,0} samples, {watch.Failed:#,0} failed{(watch.MedianMs is { } median ? $", {median:0.#} ms" : "")}{(watch.FailedWhy is { } why ? $"; stopped the run: {why}" : "")}"
        );

    /// <summary>Units, with bytes in larger ones.</summary>
    public static string Amount(double amount, string? unit) =>
        unit == "bytes"
            ? amount switch
            {
                >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{amount / (1L << 30):0.0} GiB"),
                >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{amount / (1L << 20):0.0} MiB"),
                >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{amount / (1L << 10):0.0} KiB"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{amount:0} bytes"),
            }
            : string.Create(CultureInfo.InvariantCulture, $"{amount:#,0} {unit}").TrimEnd();
}
