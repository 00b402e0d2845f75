using System.Diagnostics;
using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>The program behind <c>./quickstart</c>, as a process.</summary>
internal static class DemoProcess
{
    public static Process Start(string folder, string belay, params string[] words) =>
        Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [ChildProcess.Program("Demo"), "--belay", belay, "--folder", folder, .. words]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;

    /// <summary>Everything that runs in a folder, as folders of <c>/proc</c>.</summary>
    public static IReadOnlyList<string> AllIn(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(process =>
                    char.IsDigit(Path.GetFileName(process)[0])
                    && WorkingFolder(process).StartsWith(folder, StringComparison.Ordinal)
                ),
        ];

    private static string WorkingFolder(string process)
    {
        try
        {
            return new FileInfo($"{process}/cwd").LinkTarget ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
