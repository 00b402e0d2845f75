using System.Globalization;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Engine.Ports;

namespace Belay.Cli.Work;

/// <summary>Watchdogs as detached processes of this program: <c>belay watchdog</c>. They outlive Belay, its terminal and Ctrl-C; not the machine.</summary>
internal sealed class Watchdogs(string stateFolder, IChildProcesses children, TimeProvider clock) : IWatchdogs
{
    private static readonly TimeSpan MostArming = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Where a watchdog says that it is armed.</summary>
    public static string ArmedFile(string stateFolder, string run, ProcessIdentity dog) =>
        Path.Combine(
            stateFolder,
            "runs",
            run,
            string.Create(CultureInfo.InvariantCulture, $"watchdog-{dog.Pid}-{dog.StartTicks}.armed")
        );

    public async Task ArmAsync(string run, string step, TimeSpan within, CancellationToken ct)
    {
        var log = Path.Combine(stateFolder, "runs", run, "watchdog.log");
        var dog = await children
            .For(run, step, stateFolder, new Nobody())
            .StartServiceAsync(CommandOf(run, step, within), log, ct);
        var armed = ArmedFile(stateFolder, run, dog);
        using var late = new CancellationTokenSource(MostArming, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        while (!File.Exists(armed))
        {
            if (ChildProcesses.Live(dog.Pid) != dog || either.IsCancellationRequested)
                throw OperationException.Refused($"it did not report within {Duration.Format(MostArming)}: see {log}");
            await Task.Delay(Poll, clock, CancellationToken.None);
        }
    }

    private Command CommandOf(string run, string step, TimeSpan within)
    {
        var self = ChildProcesses.Live(Environment.ProcessId)!;
        var program = Environment.ProcessPath!;
        // Started as `dotnet belay.dll`, the program is the first argument of its host.
        string[] host =
            Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? [Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
                : [];
        return new Command
        {
            Program = program,
            Arguments =
            [
                .. host,
                "watchdog",
                run,
                step,
                "--within",
                within.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture),
                "--engine",
                string.Create(CultureInfo.InvariantCulture, $"{self.Pid}:{self.StartTicks}"),
                "--state",
                stateFolder,
            ],
            Folder = Environment.CurrentDirectory,
        };
    }
}
