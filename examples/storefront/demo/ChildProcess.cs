using System.Diagnostics;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>
/// A long-lived program of the demonstration: its id in <c>run/NAME.pid</c>, what it prints in <c>run/NAME.log</c>,
/// its environment in <c>run/NAME.env</c>, which is also where Belay looks for them.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);

    // Each program replaces the one before it, so that the id is the program's own. The kernel ends it with us.
    private const string Script = """
        cd "$1" && exec >>"run/$2.log" 2>&1 </dev/null || exit 1
        if [ -e "run/$2.env" ]; then set -a; . "./run/$2.env"; set +a; fi
        echo $$ >"run/$2.pid"
        shift 2
        exec setpriv --pdeathsig=KILL "$@"
        """;

    private readonly Process _process;

    private ChildProcess(Process process, string logFile) => (_process, LogFile) = (process, logFile);

    public string LogFile { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program of ours, a .NET assembly beside this one, in the system's folder.</summary>
    public static async Task<ChildProcess> StartAsync(
        string folder,
        string name,
        string assembly,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", Script, "sh", folder, name, "dotnet", Program(assembly), .. arguments]
        );
        return new ChildProcess(await ParentThread.StartAsync(start), Path.Combine(folder, "run", $"{name}.log"));
    }

    public static string Program(string assembly) => Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");

    /// <summary>Waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; with the end of its log.</exception>
    public async Task WaitUntilAsync(Func<ValueTask<bool>> ready, TimeSpan limit, CancellationToken ct)
    {
        var isReady = await Poll.UntilAsync(async () => HasExited || await ready(), limit, ct);
        if (isReady && !HasExited)
            return;
        var log = string.Join('\n', (await File.ReadAllLinesAsync(LogFile, ct)).TakeLast(10));
        throw new InvalidOperationException($"{LogFile}: {(HasExited ? "it ended" : "it is not ready")}\n{log}");
    }

    /// <summary>Asks it to end by SIGTERM, kills it after 25 s.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
            Signal.Send(Pid, Signal.Terminate);
        using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
