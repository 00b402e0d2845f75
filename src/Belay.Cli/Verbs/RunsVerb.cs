using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Cli.Work;

namespace Belay.Cli.Verbs;

/// <summary><c>belay runs</c>: all runs that are kept here.</summary>
internal static class RunsVerb
{
    public static Command Create(SharedOptions shared)
    {
        var environment = SharedOptions.EnvironmentOfRun();
        var command = new Command("runs", "List the runs, the newest first") { environment };
        command.SetAction((parsed, ct) => ListAsync(shared.PlaceOf(parsed), parsed.GetValue(environment), ct));
        return command;
    }

    private static async Task<int> ListAsync(Workplace place, string? environment, CancellationToken ct)
    {
        var runs = ImmutableArray.CreateBuilder<RunLine>();
        foreach (var name in await place.Store.Journals.ListAsync(environment, ct))
        {
            var reading = await place.Runs.ReadAsync(name.Run, ct);
            var engine = await place.EngineOfAsync(reading, ct);
            runs.Add(
                new(
                    name.Run,
                    name.Environment,
                    name.StartedAt,
                    reading.Plan!.Upgrade,
                    reading.Plan.From,
                    reading.Plan.To,
                    Standings.Of(reading, engine is not null)
                )
            );
        }
        place.Screen.Write(runs.Count == 0 ? ["there is no run here yet"] : runs.Select(Line));
        place.Screen.Write(new RunsAnswer(runs.ToImmutable()), CliJson.Instance.RunsAnswer);
        return ExitCode.Done;
    }

    private static ScreenLine Line(RunLine run) =>
        $"{run.Run, -40} {run.Environment, -12} {run.StartedAt:u}  {run.Upgrade} {run.From} -> {run.To}  {run.Standing}";
}

/// <summary>A run in the list.</summary>
internal sealed record RunLine(
    string Run,
    string Environment,
    DateTimeOffset StartedAt,
    string Upgrade,
    string From,
    string To,
    Standing Standing
);

/// <summary>The list as JSON.</summary>
internal sealed record RunsAnswer(ImmutableArray<RunLine> Runs);
