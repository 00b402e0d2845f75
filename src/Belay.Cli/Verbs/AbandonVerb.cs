using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Verbs;

/// <summary><c>belay abandon</c>: ends a run as it stands.</summary>
internal static class AbandonVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var by = SharedOptions.By();
        var reason = new Option<string>("--reason") { Description = "Why, for the journal", Required = true };
        var key = KeyFiles.Option();
        var command = new Command("abandon", "End a run as it stands; nothing is taken back")
        {
            run,
            environment,
            reason,
            by,
            key,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var reading = await place.Runs.FindAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                return await AbandonAsync(
                    place,
                    reading,
                    new RunAbandoned(parsed.GetRequiredValue(by), parsed.GetRequiredValue(reason)),
                    parsed.GetValue(key),
                    ct
                );
            }
        );
        return command;
    }

    private static async Task<int> AbandonAsync(
        Workplace place,
        RunReading reading,
        RunAbandoned word,
        string? key,
        CancellationToken ct
    )
    {
        var live = place.EnvironmentOf(reading);
        word = word with { Signature = place.Sign(reading, word, word.By, key, live.Signers) };
        KeyFiles.RefuseUnsigned(reading, word, live.Signers);
        if (
            !place.Screen.Confirm(
                $"Run {reading.Run} can neither be resumed nor taken back afterwards. End it as it stands?"
            )
        )
            throw new Refusal(ExitCode.Failed, "nothing was done");
        var outcome = await place.EngineFor(live).AbandonAsync(reading.Run, word, ct);
        if (outcome.Reading.Status != RunStatus.Abandoned)
            return await StatusVerb.ShowAsync(place, outcome.Reading, ct);
        place.Screen.Write(ScreenLine.Of($"run {reading.Run} is ended as it stands", Tone.Warning));
        place.Screen.Write(new DoneAnswer($"run {reading.Run} is ended as it stands"), CliJson.Instance.DoneAnswer);
        return ExitCode.Done;
    }
}
