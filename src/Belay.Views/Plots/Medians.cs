using Belay.Domain.Journal;

namespace Belay.Views.Plots;

/// <summary>The median of several windows of samples.</summary>
internal static class Medians
{
    /// <summary>The window median at which half of all samples lie: the nearest to the true median that windows allow.</summary>
    public static double Of(IReadOnlyCollection<WatchSampled> windows)
    {
        var half = windows.Sum(window => (long)window.Count) / 2.0;
        long passed = 0;
        foreach (var window in windows.OrderBy(window => window.MedianMs))
        {
            passed += window.Count;
            if (passed >= half)
                return window.MedianMs;
        }
        return 0;
    }
}
