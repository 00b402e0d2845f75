using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Belay.Cli.Tests;

/// <summary>How a verb ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error);

/// <summary>A folder of its own in which belay is called as a person would call it.</summary>
internal sealed partial class Desk : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-cli-");
    private readonly List<Process> started = [];

    /// <summary>The program.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "belay");

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public string JournalOf(string run) => PathOf($".belay/runs/{run}/journal.jsonl");

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Calls belay and waits for its end.</summary>
    public async Task<Ended> BelayAsync(params string[] words)
    {
        using var process = Start(words);
        return await EndOfAsync(process);
    }

    /// <summary>Starts belay and leaves it running.</summary>
    public Process Start(params string[] words) => Start(Program, words);

    /// <summary>Starts belay as another user, and leaves it running. Only root can.</summary>
    public Process StartAs(string user, params string[] words) =>
        Start("setpriv", ["--reuid", user, "--regid", "nogroup", "--clear-groups", Program, .. words]);

    private Process Start(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["XDG_STATE_HOME"] = PathOf("state");
        // What is left in temporary files is found with everything else.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(PathOf("tmp")).FullName;
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    /// <summary>What became of a belay that was started.</summary>
    public static async Task<Ended> EndOfAsync(Process process)
    {
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var error = process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        return new Ended(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a run's journal holds a text.</summary>
    public async Task UntilJournalHasAsync(string run, string text)
    {
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        while (
            !File.Exists(JournalOf(run))
            || !(await ReadSharedAsync(JournalOf(run))).Contains(text, StringComparison.Ordinal)
        )
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, late.Token);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, late.Token);
    }

    /// <summary>Sends a signal, named without its SIG.</summary>
    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills it as a crash would.</summary>
    public static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>A text with everything taken out that differs from one run to the next.</summary>
    public string Stable(string text) =>
        Host()
            .Replace(
                Ago()
                    .Replace(
                        Time().Replace(text.Replace(folder.FullName, "FOLDER", StringComparison.Ordinal), "TIME"),
                        "(AGO)"
                    ),
                " on HOST"
            );

    public void Dispose()
    {
        foreach (var process in started)
        {
            try
            {
                if (!process.HasExited)
                    process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It was disposed of: it had ended.
            }
            process.Dispose();
        }
        folder.Delete(recursive: true);
    }

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex(
        @"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Time();

    [GeneratedRegex(@"\([0-9.dhms]+ ago\)", RegexOptions.NonBacktracking)]
    private static partial Regex Ago();

    [GeneratedRegex(@"(?<=by \S+) on [^\s;,]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();
}
