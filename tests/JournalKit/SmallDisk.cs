using System.Diagnostics;
using Xunit;

namespace JournalKit;

/// <summary>A real file system of a few hundred kilobytes (tmpfs), that can be full and read-only. Only root may mount it.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one; skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string untried)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("belay-disk-").FullName);
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", disk.Path))
            return disk;
        Directory.Delete(disk.Path);
        Assert.Skip($"mounting a small file system needs root: {untried} was not tried");
        throw new InvalidOperationException("not reached");
    }

    /// <summary>Makes it read-only, or writable again.</summary>
    public async Task RemountAsync(bool writable) =>
        Assert.True(
            await RunAsync("mount", "-o", writable ? "remount,rw" : "remount,ro", Path),
            "it was not remounted"
        );

    /// <summary>Fills it but for so many bytes.</summary>
    public void Fill(int left)
    {
        var free = new DriveInfo(Path).AvailableFreeSpace - left;
        File.WriteAllBytes(System.IO.Path.Combine(Path, "filler"), new byte[Math.Max(0, free)]);
    }

    /// <summary>Takes away what fills it.</summary>
    public void Free() => File.Delete(System.IO.Path.Combine(Path, "filler"));

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}
