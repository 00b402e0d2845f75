using System.Runtime.InteropServices;

namespace Belay.Bench.Reporting;

/// <summary>Where it was measured: what a reader must know to compare.</summary>
internal static class Machine
{
    /// <summary>A line for each thing.</summary>
    public static IEnumerable<string> Describe(string folder, string commit, string loadAtStart)
    {
        var drive = new DriveInfo(folder);
        yield return $"- date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC; commit: {commit}";
        yield return $"- machine: {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}";
        yield return $"- runtime: {RuntimeInformation.FrameworkDescription}; disk of all sides: {drive.DriveFormat} at {drive.Name}";
        yield return $"- load average (1, 5, 15 minutes) at the start: {loadAtStart}; at the end: {Load()}";
    }

    /// <summary>The load averages, see proc(5).</summary>
    public static string Load() => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(": ")[1]
        ?? $"{RuntimeInformation.OSArchitecture}";
}
