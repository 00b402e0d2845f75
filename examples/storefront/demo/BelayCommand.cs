using System.Diagnostics;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>Calls Belay as an operator would; what it prints goes to the same terminal.</summary>
internal sealed class BelayCommand(string program, LiveSystem system)
{
    /// <summary>Runs one verb to its end.</summary>
    /// <returns>Belay's exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        using var process = await StartAsync(words);
        // A cancelled wait leaves Belay alone: Ctrl-C reaches it directly, and it halts at its next safe point.
        await process.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    /// <summary>Runs one verb and kills it as a crash would, unless it is done before.</summary>
    /// <returns>Belay's exit code, or null when it was killed.</returns>
    public async Task<int?> RunAndKillAsync(IReadOnlyList<string> words, TimeSpan after, CancellationToken ct)
    {
        using var process = await StartAsync(words);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = new CancellationTokenSource(after, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, timer.Token);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Kill();
            await process.WaitForExitAsync(ct);
            return null;
        }
    }

    private Task<Process> StartAsync(IReadOnlyList<string> words)
    {
        Console.WriteLine($"\n$ belay {string.Join(' ', words)}");
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = system.Folder };
        start.Environment["SHOP_DB_PASSWORD"] = system.DatabasePassword;
        return ParentThread.StartAsync(start);
    }
}
