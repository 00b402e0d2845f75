using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Parts;

namespace Belay.Bench.Contenders;

/// <summary>Counts the system calls that wait for the disk (fsync, fdatasync, msync, sync, syncfs), seen by strace.</summary>
internal sealed partial class FlushCount : IAsyncDisposable
{
    private readonly Process strace;
    private readonly string output;

    private FlushCount(Process strace, string output) => (this.strace, this.output) = (strace, output);

    /// <summary>The options that count into a file.</summary>
    public static IReadOnlyList<string> Options(string output) =>
        ["-f", "-c", "-U", "calls,name", "-e", "trace=fsync,fdatasync,msync,sync,syncfs", "-o", output];

    /// <summary>Begins to count in processes that run, their threads and those that they start.</summary>
    public static async Task<FlushCount> AttachAsync(IReadOnlyList<int> pids, CancellationToken ct)
    {
        var file = Path.GetTempFileName();
        var tracer = Process.Start(
            new ProcessStartInfo(
                PartsFolder.Find("strace"),
                [.. Options(file), .. pids.SelectMany(pid => new[] { "-p", $"{pid}" })]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        // strace says "Process N attached" for each of them once it has it.
        for (var attached = 0; attached < pids.Count; )
        {
            var line =
                await tracer.StandardError.ReadLineAsync(ct)
                ?? throw new ContenderException("strace could not attach: it needs the right to trace (ptrace)");
            attached += line.Contains(" attached", StringComparison.Ordinal) ? 1 : 0;
        }
        // The rest is of no use, and must not fill the pipe.
        _ = tracer.StandardError.ReadToEndAsync(CancellationToken.None);
        return new FlushCount(tracer, file);
    }

    /// <summary>Ends the counting.</summary>
    public async Task<long> EndAsync(CancellationToken ct)
    {
        Signal.Send(strace.Id, Signal.Interrupt);
        await strace.WaitForExitAsync(ct);
        return Sum(await File.ReadAllTextAsync(output, ct));
    }

    public ValueTask DisposeAsync()
    {
        if (!strace.HasExited)
            Signal.Send(strace.Id, Signal.Interrupt);
        strace.Dispose();
        File.Delete(output);
        return ValueTask.CompletedTask;
    }

    /// <summary>The sum of all calls in what strace wrote.</summary>
    public static long Sum(string summary) =>
        Line().Matches(summary).Sum(line => long.Parse(line.Groups["calls"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"^\s*(?<calls>\d+)\s+(?:fsync|fdatasync|msync|sync|syncfs)\s*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Line();
}
