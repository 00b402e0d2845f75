using System.CommandLine;
using Belay.Cli.Status;
using Belay.Cli.Work;
using Belay.Domain.Memory;
using Belay.Domain.Readings;

namespace Belay.Cli.Verbs;

/// <summary><c>belay status</c>: exactly where a run is, why, since when, and the ways on.</summary>
internal static class StatusVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var command = new Command("status", "Say exactly where a run is, and the ways on") { run, environment };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                return await ShowAsync(
                    place,
                    await place.Runs.FindAsync(parsed.GetValue(run), parsed.GetValue(environment), ct),
                    ct
                );
            }
        );
        return command;
    }

    /// <returns>The exit code for how the run stands.</returns>
    public static async Task<int> ShowAsync(Workplace place, RunReading reading, CancellationToken ct)
    {
        var engine = await place.EngineOfAsync(reading, ct);
        // It may have ended between the reading and the question who is at work on it: then it did not die.
        if (engine is null && reading.Status is (RunStatus.Running or RunStatus.RollingBack or RunStatus.Parked))
            reading = await place.Runs.ReadAsync(reading.Run, ct);
        var known = IsOpen(reading)
            ? await place.MeasuredAsync(reading.Plan!.Environment, except: reading.Run, ct)
            : Measurements.None;
        var now = place.Clock.GetUtcNow();
        var status = StatusReporter.Of(reading, engine, place.PlacesOf(reading), known) with
        {
            TimeLeft = TimeLeft(reading, known, now),
        };
        place.Screen.Write(StatusText.Of(status, now));
        place.Screen.Write(status, CliJson.Instance.StatusReport);
        return status.ExitCode;
    }

    // Of a closed run nobody asks how long the rest takes; its plan's earlier runs need not be read.
    private static bool IsOpen(RunReading reading) =>
        reading.Status is RunStatus.Running or RunStatus.Parked or RunStatus.Halted or RunStatus.RollingBack;

    /// <summary>Null: it goes forward no more, or nothing of it was ever measured.</summary>
    public static Forecast? TimeLeft(RunReading reading, Measurements known, DateTimeOffset now)
    {
        if (
            reading.Status is not (RunStatus.Running or RunStatus.Parked or RunStatus.Halted)
            || reading.Rollback is not null
        )
            return null;
        var left = Forecast.Of(reading, known, now);
        return left.Most > TimeSpan.Zero ? left : null;
    }
}
