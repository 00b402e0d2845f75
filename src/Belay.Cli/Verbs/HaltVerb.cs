using System.CommandLine;
using Belay.Cli.Status;
using Belay.Cli.Work;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Cli.Verbs;

/// <summary><c>belay halt</c>: asks a run, from another terminal, to stop at its next safe point.</summary>
internal static class HaltVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var by = SharedOptions.By();
        var reason = new Option<string?>("--reason") { Description = "Why, for the journal" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it has stopped" };
        var command = new Command("halt", "Ask a run to stop at its next safe point")
        {
            run,
            environment,
            reason,
            noWait,
            by,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var reading = await place.Runs.FindAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                await RefuseWhereNobodyListensAsync(place, reading, ct);
                await place.Store.Requests.PutAsync(
                    reading.Run,
                    new HaltRequest { By = parsed.GetRequiredValue(by), Note = parsed.GetValue(reason) },
                    ct
                );
                return await AnswerAsync(place, reading.Run, parsed.GetValue(noWait), ct);
            }
        );
        return command;
    }

    private static async Task<int> AnswerAsync(Workplace place, string run, bool noWait, CancellationToken ct)
    {
        if (noWait)
        {
            place.Screen.Write($"run {run} is asked to halt at its next safe point");
            place.Screen.Write(new DoneAnswer($"run {run} is asked to halt"), CliJson.Instance.DoneAnswer);
            return ExitCode.Done;
        }
        place.Screen.Write("asked; waiting for its next safe point");
        var stopped = await place.UntilAsync(
            run,
            reading => reading.Status is not (RunStatus.Running or RunStatus.RollingBack or RunStatus.Parked),
            ct
        );
        await StatusVerb.ShowAsync(place, stopped, ct);
        return ExitCode.Done;
    }

    private static async Task RefuseWhereNobodyListensAsync(Workplace place, RunReading reading, CancellationToken ct)
    {
        var engine = await place.EngineOfAsync(reading, ct);
        var standing = Standings.Of(reading, engine is not null);
        if (standing is not (Standing.Running or Standing.Waiting or Standing.RollingBack or Standing.Parked))
            throw new Refusal(
                ExitCode.Failed,
                $"run {reading.Run} does not run: belay status {reading.Run} says how it stands"
            );
    }
}
