using System.Diagnostics;

namespace Kills;

/// <summary>How a verb of belay ended.</summary>
/// <param name="ExitCode">Its exit code; null when it was killed.</param>
/// <param name="Said">Both its outputs.</param>
internal sealed record Ended(int? ExitCode, string Said);

/// <summary>Calls the real program as a person would, in a folder.</summary>
internal sealed class BelayProcess(string folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs a verb, and kills it with SIGKILL as soon as the condition holds.</summary>
    public async Task<Ended> RunAsync(
        IReadOnlyList<string> words,
        Func<ValueTask<bool>>? killWhen,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "belay"), words)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["XDG_STATE_HOME"] = Path.Combine(folder, "state");
        using var process = Process.Start(start)!;
        // Children of a killed belay hold its outputs open: they are read line by line, and not to their end.
        var said = new Lines(process);
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            var killed = killWhen is not null && await KillAsync(process, killWhen, either.Token);
            while (!process.HasExited)
                await Task.Delay(Look, TimeProvider.System, either.Token);
            return new Ended(killed && process.ExitCode != 0 ? null : process.ExitCode, said.All);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            process.Kill();
            throw new TimeoutException($"belay {string.Join(' ', words)} is stuck after {Limit}: {said.All}", e);
        }
    }

    private static async Task<bool> KillAsync(Process process, Func<ValueTask<bool>> when, CancellationToken ct)
    {
        while (!process.HasExited)
        {
            if (await when())
            {
                process.Kill();
                return true;
            }
            await Task.Delay(Look, TimeProvider.System, ct);
        }
        return false;
    }

    private sealed class Lines
    {
        private readonly List<string> lines = [];

        public Lines(Process process)
        {
            process.OutputDataReceived += (_, line) => Add(line.Data);
            process.ErrorDataReceived += (_, line) => Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string All
        {
            get
            {
                lock (lines)
                    return string.Join('\n', lines);
            }
        }

        private void Add(string? line)
        {
            lock (lines)
                lines.Add(line ?? "");
        }
    }
}
