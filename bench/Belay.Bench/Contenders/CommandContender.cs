using System.Diagnostics;
using Belay.Parts;

namespace Belay.Bench.Contenders;

/// <summary>A contender that is one command a run; its start and end belong to the time, as they do for whoever uses it.</summary>
/// <param name="name">The name in the tables.</param>
/// <param name="folder">An empty folder; each run gets one of its own inside.</param>
/// <param name="prepare">Writes a run's files: folder, steps.</param>
/// <param name="command">The command line.</param>
internal sealed class CommandContender(
    string name,
    string folder,
    Func<string, int, Task> prepare,
    IReadOnlyList<string> command
) : IContender
{
    private int runs;

    public string Name => name;

    public async Task<Answer> RunAsync(string shape, int steps, CancellationToken ct)
    {
        var place = await PrepareAsync(steps);
        var begun = TimeProvider.System.GetTimestamp();
        await RunAsync(place, command, ct);
        return new Answer { Milliseconds = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds };
    }

    public async Task<long> CountFlushesAsync(string shape, int steps, CancellationToken ct)
    {
        var place = await PrepareAsync(steps);
        var output = Path.Combine(place, "flushes");
        await RunAsync(place, [PartsFolder.Find("strace"), .. FlushCount.Options(output), .. command], ct);
        return FlushCount.Sum(await File.ReadAllTextAsync(output, ct));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<string> PrepareAsync(int steps)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, $"{++runs}")).FullName;
        await prepare(place, steps);
        return place;
    }

    private async Task RunAsync(string place, IReadOnlyList<string> line, CancellationToken ct)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            WorkingDirectory = place,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The person's own configuration is no part of what is compared, nor is a look for newer versions.
        start.Environment["TF_CLI_CONFIG_FILE"] = "/dev/null";
        start.Environment["CHECKPOINT_DISABLE"] = "1";
        start.Environment.Remove("ANSIBLE_CONFIG");
        start.Environment["ANSIBLE_HOME"] = Path.Combine(folder, "ansible-home");
        start.Environment["ANSIBLE_LOCALHOST_WARNING"] = "False";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new ContenderException($"{name} ended with {process.ExitCode}: {await errors}{await output}");
    }
}
