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
        var status = StatusReporter.Of(reading, engine, place.PlacesOf(reading)) with
        {
            TimeLeft = await TimeLeftAsync(place, reading, ct),
        };
        place.Screen.Write(StatusText.Of(status, place.Clock.GetUtcNow()));
        place.Screen.Write(status, CliJson.Instance.StatusReport);
        return status.ExitCode;
    }

    /// <summary>Null: it goes on no more, or nothing of it was ever measured.</summary>
    private static async Task<Forecast?> TimeLeftAsync(Workplace place, RunReading reading, CancellationToken ct)
    {
        if (
            reading.Status is not (RunStatus.Running or RunStatus.Parked or RunStatus.Halted)
            || reading.Rollback is not null
        )
            return null;
        var measured = await place.Store.Journals.MeasuredAsync(reading.Plan!.Environment, except: reading.Run, ct);
        var left = Forecast.Of(reading, measured, place.Clock.GetUtcNow());
        return left.Most > TimeSpan.Zero ? left : null;
    }
}
