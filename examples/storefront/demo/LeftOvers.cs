using System.Globalization;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>Ends what Belay started and left running: nobody else would once the demonstration is over.</summary>
internal static class LeftOvers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public static async Task EndAsync(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "run"), "*.pid"))
        {
            if (!int.TryParse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture, out var pid))
                continue;
            if (!RunsIn(folder, pid))
                continue;
            Signal.Send(pid, Signal.Terminate);
            if (!await Poll.UntilAsync(() => ValueTask.FromResult(!RunsIn(folder, pid)), Limit, CancellationToken.None))
                Signal.Send(pid, Signal.Kill);
        }
    }

    /// <summary>The id may have been given to somebody else since: only what runs in our folder is ended.</summary>
    private static bool RunsIn(string folder, int pid)
    {
        try
        {
            var working = new FileInfo($"/proc/{pid}/cwd").LinkTarget;
            return working == folder || working?.StartsWith(folder + "/", StringComparison.Ordinal) == true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
