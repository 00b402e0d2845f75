using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Views.Reports;
using Belay.Views.Timelines;

namespace Belay.Views.Plots;

/// <summary>A watch as two lines, the median and the greatest latency, over the run's axis of time; latency is drawn to a logarithmic scale.</summary>
public sealed record WatchPlot
{
    /// <summary>Windows beyond this many are put together: a run of days draws as quickly as one of minutes.</summary>
    private const int MostPoints = 300;

    /// <summary>The watch.</summary>
    public required string Name { get; init; }

    /// <summary>What the picture shows, in words.</summary>
    public required string Words { get; init; }

    /// <summary>Where times lie.</summary>
    public required TimeAxis Axis { get; init; }

    /// <summary>The points, from left to right.</summary>
    public required ImmutableArray<PlotPoint> Points { get; init; }

    /// <summary>Round latencies with their heights, 0 at the bottom and 100 at the top.</summary>
    public required ImmutableArray<(string Words, double Y)> Lines { get; init; }

    internal static WatchPlot Of(WatchReading watch, TimeAxis axis)
    {
        var windows = watch.Windows.Chunk(Math.Max(1, (watch.Windows.Count + MostPoints - 1) / MostPoints)).ToArray();
        var scale = LatencyScale.Of(watch.Windows.Select(window => window.Window));
        return new WatchPlot
        {
            Name = watch.Name,
            Words =
                $"Latency of watch {watch.Name}: {Say.Count(watch.Count, "sample")}, {Say.Number(watch.Failed)} failed, "
                + $"greatest {Say.Milliseconds(watch.Windows.Max(window => window.Window.GreatestMs))}",
            Axis = axis,
            Points = [.. windows.Select(chunk => Point(chunk, axis, scale))],
            Lines = scale.Lines,
        };
    }

    private static PlotPoint Point(
        (DateTimeOffset At, WatchSampled Window)[] chunk,
        TimeAxis axis,
        LatencyScale scale
    ) =>
        new(
            axis.X(chunk[^1].At),
            scale.Y(Medians.Of([.. chunk.Select(window => window.Window)])),
            scale.Y(chunk.Max(window => window.Window.GreatestMs)),
            chunk.Any(window => window.Window.Failed > 0)
        );
}

/// <summary>One point of a plot; heights are 0 at the bottom and 100 at the top.</summary>
/// <param name="X">Its place, 0 at the left and 100 at the right.</param>
/// <param name="Median">The height of the median.</param>
/// <param name="Greatest">The height of the greatest.</param>
/// <param name="HasFailure">Whether a sample failed.</param>
public sealed record PlotPoint(double X, double Median, double Greatest, bool HasFailure);
