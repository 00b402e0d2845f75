using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Belay.Cli.Work;
using Belay.Connectors.Commands;
using ProcessIdentity = Belay.Domain.Contract.ProcessIdentity;

namespace Belay.Cli.Verbs;

/// <summary><c>belay watchdog</c>: started by an engine before a freeze, never by a person.</summary>
internal static class WatchdogVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = new Argument<string>("RUN");
        var step = new Argument<string>("STEP");
        var within = new Option<double>("--within") { Description = "Milliseconds", Required = true };
        var engine = new Option<string>("--engine") { Description = "PID:START", Required = true };
        var command = new Command("watchdog", "Keeps the deadline of a freeze") { run, step, within, engine };
        command.Hidden = true;
        command.SetAction(
            async (parsed, _) =>
            {
                var place = shared.PlaceOf(parsed);
                return await KeepAsync(
                    place,
                    parsed.GetRequiredValue(run),
                    parsed.GetRequiredValue(step),
                    Identity(parsed.GetRequiredValue(engine)),
                    TimeSpan.FromMilliseconds(parsed.GetValue(within))
                );
            }
        );
        return command;
    }

    private static async Task<int> KeepAsync(
        Workplace place,
        string run,
        string step,
        ProcessIdentity engine,
        TimeSpan within
    )
    {
        // The terminal, and whoever presses Ctrl-C there, mean Belay.
        using var hangUp = Ignore(PosixSignal.SIGHUP);
        using var interrupt = Ignore(PosixSignal.SIGINT);
        // Read while it can still be refused: whatever becomes of the files until the deadline, this one thaws.
        var reading = await place.Runs.ReadAsync(run, CancellationToken.None);
        var environment = place.EnvironmentOf(reading);
        var armed = Watchdogs.ArmedFile(place.StateFolder, run, ChildProcesses.Live(Environment.ProcessId)!);
        await File.WriteAllTextAsync(armed, "", CancellationToken.None);
        // Nothing is frozen before this: what its own start took is no part of the freeze.
        using var over = new CancellationTokenSource(within, place.Clock);
        try
        {
            await new Watchdog(place, environment, run, step, engine, reading.Sequence).KeepAsync(over.Token);
            return ExitCode.Done;
        }
        finally
        {
            File.Delete(armed);
        }
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel = true);

    private static ProcessIdentity Identity(string text)
    {
        var parts = text.Split(':');
        return new(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture)
        );
    }
}
