using System.Collections.Immutable;
using Belay.Domain.Readings;
using Belay.Views.Plots;
using Belay.Views.Reports;
using Belay.Views.Timelines;

namespace Belay.Views.Sections;

/// <summary>What the watches saw all through the run.</summary>
internal static class WatchesSection
{
    public static Section? Of(RunRecord run)
    {
        var watches = run
            .Reading.Watches.Values.OrderBy(watch => watch.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        if (watches.IsEmpty)
            return null;
        var axis = TimeAxis.Of(run);
        return new Section(
            "watches",
            "Watches",
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "Samples of each watch",
                        Columns = ["Watch", "Samples", "Failed", "Median", "Greatest", "Last failure"],
                        Rows = [.. watches.Select(Row)],
                    }
                ),
                .. watches
                    .Where(watch => watch.Windows.Count > 0)
                    .Select(watch => new Block.Plot(WatchPlot.Of(watch, axis))),
            ]
        );
    }

    private static ImmutableArray<Cell> Row(WatchReading watch)
    {
        var windows = watch.Windows.Select(window => window.Window).Where(window => window.Count > 0).ToArray();
        return
        [
            watch.Name,
            Say.Number(watch.Count),
            new Cell(Say.Number(watch.Failed), watch.Failed > 0 ? Tone.Bad : Tone.Good),
            windows.Length == 0 ? "" : Say.Milliseconds(Medians.Of(windows)),
            windows.Length == 0 ? "" : Say.Milliseconds(windows.Max(window => window.GreatestMs)),
            watch.FailedWhy is { } why
                ? new Cell($"stopped the run: {why}", Tone.Bad)
                : Cell.Of(windows.LastOrDefault(window => window.Why is not null)?.Why),
        ];
    }
}
