using System.Diagnostics;
using System.Globalization;

namespace Mutation;

/// <summary>A worker, seen from outside.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>A mutant that takes more processor time than this hangs: how busy the machine is says nothing of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>One that is not judged by then waits for something that never comes, in real time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Each mutant's code stays in the memory of its worker.</summary>
    private const int MostMutants = 25;

    private readonly Process process;
    private int mutants;

    public WorkerProcess(int lives, int from)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in new[] { "worker", Text(lives), Text(from) })
            start.ArgumentList.Add(word);
        // A mutant that fills the memory ends its worker, and nothing else.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x40000000";
        // It lives a few hundred lives with each mutant: compiling them better costs more than it saves.
        start.Environment["DOTNET_TieredPGO"] = "0";
        process = Process.Start(start)!;
        process.BeginErrorReadLine();
    }

    /// <summary>Judges one mutant.</summary>
    /// <returns>The verdict and what noticed it; the worker is of no more use when <see cref="IsSpent"/>.</returns>
    public async Task<(string Verdict, string Why)> JudgeAsync(int mutant)
    {
        IsSpent = ++mutants == MostMutants;
        await process.StandardInput.WriteLineAsync(Text(mutant));
        await process.StandardInput.FlushAsync();
        var (began, spent) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime);
        var answer = process.StandardOutput.ReadLineAsync();
        while (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System)) != answer)
        {
            process.Refresh();
            if (process.HasExited)
                continue;
            if (process.TotalProcessorTime - spent < Limit && TimeProvider.System.GetElapsedTime(began) < Longest)
                continue;
            IsSpent = true;
            return ("noticed", $"it hangs: not judged within {Limit} of processor time");
        }
        if (await answer is { } line)
            return line.Split('\t') is [_, var verdict, .. var why]
                ? (verdict, string.Join(' ', why))
                : ("noticed", line);
        IsSpent = true;
        return ("noticed", "the process ended");
    }

    /// <summary>It has ended, hangs, or has judged enough.</summary>
    public bool IsSpent { get; private set; }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
