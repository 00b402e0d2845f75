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
        var reason = new Option<string>("--reason") { Description = "Why, for the journal", Required = true };
        var command = new Command("abandon", "End a run as it stands; nothing is taken back") { reason };
        var person = new PersonOptions(shared, command);
        command.SetAction(
            async (parsed, ct) =>
                await AbandonAsync(await person.SpeakerAsync(parsed, ct), parsed.GetRequiredValue(reason), ct)
        );
        return command;
    }

    private static async Task<int> AbandonAsync(Speaker speaker, string reason, CancellationToken ct)
    {
        var (place, reading) = (speaker.Place, speaker.Reading);
        var word = new RunAbandoned(speaker.Name, reason);
        word = word with { Signature = speaker.Sign(word, (said, by) => said with { Signature = by }) };
        if (
            !place.Screen.Confirm(
                $"Run {reading.Run} can neither be resumed nor taken back afterwards. End it as it stands?"
            )
        )
            throw new Refusal(ExitCode.Failed, "nothing was done");
        var outcome = await place.EngineFor(speaker.Live).AbandonAsync(reading.Run, word, ct);
        if (outcome.Reading.Status != RunStatus.Abandoned)
            return await StatusVerb.ShowAsync(place, outcome.Reading, ct);
        place.Screen.Write(ScreenLine.Of($"run {reading.Run} is ended as it stands", Tone.Warning));
        place.Screen.Write(new DoneAnswer($"run {reading.Run} is ended as it stands"), CliJson.Instance.DoneAnswer);
        return ExitCode.Done;
    }
}
