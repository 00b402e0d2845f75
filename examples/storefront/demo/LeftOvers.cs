using System.Globalization;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>Ends the servers that Belay started: nobody else would once the demonstration is over.</summary>
internal static class LeftOvers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public static async Task EndAsync(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "run"), "*.pid"))
        {
            if (!int.TryParse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture, out var pid))
                continue;
            if (!IsOurs(pid))
                continue;
            Signal.Send(pid, Signal.Terminate);
            if (!await Poll.UntilAsync(() => ValueTask.FromResult(!IsOurs(pid)), Limit, CancellationToken.None))
                Signal.Send(pid, Signal.Kill);
        }
    }

    /// <summary>The id may have been given to somebody else since: only a process that runs our program is ended.</summary>
    private static bool IsOurs(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline")
                .Contains(ChildProcess.Program("Storefront"), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
