using System.Diagnostics;

namespace Belay.Parts.Tests;

public sealed class KilledParentTests
{
    [Fact]
    public async Task A_killed_process_leaves_no_server_behind()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("belay-doomed-").FullName;
        // PostgreSQL's unprivileged user has to get through it.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "DoomedParent"), [folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        var line = await parent.StandardOutput.ReadLineAsync(ct);
        var pids = line!.Split(' ').Select(int.Parse).ToArray();
        Assert.All(pids, pid => Assert.True(LiveProcess.Runs(pid)));

        parent.Kill();

        Assert.True(
            await Poll.UntilAsync(
                () => ValueTask.FromResult(!pids.Any(LiveProcess.Runs)),
                TimeSpan.FromSeconds(10),
                ct
            ),
            "a server outlived the process that started it"
        );
        Directory.Delete(folder, recursive: true);
    }
}
