using System.Diagnostics;
using System.Globalization;

namespace Belay.Bench.Measuring;

/// <summary>The memory of a process that is not ours to change.</summary>
internal static class ProcessMemory
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until it ends.</summary>
    /// <returns>Its greatest resident set in kB, as it was at most 5 ms before it ended.</returns>
    public static async Task<long> WatchAsync(Process process, CancellationToken ct)
    {
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id) ?? 0);
            await Task.Delay(Often, TimeProvider.System, ct);
        }
        return peak;
    }

    /// <summary>The greatest resident set so far in kB (proc(5): VmHWM); null when the process has ended.</summary>
    public static long? Peak(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? null
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
