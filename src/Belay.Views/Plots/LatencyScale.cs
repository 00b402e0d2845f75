using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Views.Reports;

namespace Belay.Views.Plots;

/// <summary>A logarithmic scale that holds all latencies of a watch, in whole powers of ten.</summary>
internal sealed class LatencyScale
{
    /// <summary>What is quicker is drawn at the bottom, milliseconds.</summary>
    private const double Least = 0.1;

    private readonly int bottom;
    private readonly int top;

    private LatencyScale(int bottom, int top) => (this.bottom, this.top) = (bottom, top);

    /// <summary>The powers of ten with their heights.</summary>
    public ImmutableArray<(string Words, double Y)> Lines =>
        [
            .. Enumerable
                .Range(bottom, top - bottom + 1)
                .Select(power => (Say.Milliseconds(Math.Pow(10, power)), Y(Math.Pow(10, power)))),
        ];

    public static LatencyScale Of(IEnumerable<WatchSampled> windows)
    {
        var all = windows.ToArray();
        var floor = (int)Math.Floor(Math.Log10(Math.Max(Least, all.Min(window => window.MedianMs))));
        var ceiling = (int)Math.Ceiling(Math.Log10(Math.Max(Least, all.Max(window => window.GreatestMs))));
        return new LatencyScale(floor, Math.Max(ceiling, floor + 1));
    }

    /// <summary>The height of a latency, 0 at the bottom and 100 at the top.</summary>
    public double Y(double ms) => Math.Clamp(100 * (Math.Log10(Math.Max(Least, ms)) - bottom) / (top - bottom), 0, 100);
}
