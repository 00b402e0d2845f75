using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Verbs;

/// <summary><c>belay resolve</c>: says whether a step in doubt happened.</summary>
internal static class ResolveVerb
{
    public static Command Create(SharedOptions shared)
    {
        var step = shared.Step("The step in doubt", StepState.InDoubt);
        var happened = new Option<bool>("--happened") { Description = "It happened" };
        var didNot = new Option<bool>("--did-not") { Description = "It did not happen" };
        var reason = new Option<string>("--reason") { Description = "How you know, for the journal", Required = true };
        var command = new Command("resolve", "Say whether a step in doubt happened") { step, happened, didNot, reason };
        var person = new PersonOptions(shared, command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(happened) == result.GetValue(didNot))
                result.AddError("say either --happened or --did-not");
        });
        command.SetAction(
            async (parsed, ct) =>
            {
                var speaker = await person.SpeakerAsync(parsed, ct);
                var (place, reading) = (speaker.Place, speaker.Reading);
                var name = parsed.GetRequiredValue(step);
                if (reading.Find(name)?.State != StepState.InDoubt)
                    throw new Refusal(ExitCode.Failed, $"step '{name}' is not in doubt{Others(reading)}");
                var word = new StepResolved
                {
                    Step = name,
                    Happened = parsed.GetValue(happened),
                    By = speaker.Name,
                    Reason = parsed.GetRequiredValue(reason),
                };
                word = word with { Signature = speaker.Sign(word, (said, by) => said with { Signature = by }) };
                await place.EngineFor(speaker.Live).ResolveAsync(reading.Run, word, ct);
                var said =
                    $"'{name}' {(parsed.GetValue(happened) ? "happened" : "did not happen")}: go on with belay resume {reading.Run}";
                place.Screen.Write(ScreenLine.Of(said, Tone.Good));
                place.Screen.Write(new DoneAnswer(said), CliJson.Instance.DoneAnswer);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string Others(RunReading reading) =>
        Words.List(Standings.InDoubt(reading).Select(step => step.Id)) is { Length: > 0 } others
            ? $"; in doubt is {others}"
            : "; no step is";
}
