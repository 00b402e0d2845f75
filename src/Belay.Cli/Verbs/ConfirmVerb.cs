using System.CommandLine;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Cli.Verbs;

/// <summary><c>belay confirm</c>: says from another terminal that a manual step is done.</summary>
internal static class ConfirmVerb
{
    public static Command Create(SharedOptions shared)
    {
        var step = shared.Step("The step that waits for a person", StepState.Running);
        var note = new Option<string?>("--note") { Description = "What you saw; kept in the journal" };
        var command = new Command("confirm", "Say that a manual step is done") { step, note };
        var person = new PersonOptions(shared, command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var speaker = await person.SpeakerAsync(parsed, ct);
                var (place, reading, who) = (speaker.Place, speaker.Reading, speaker.Name);
                var name = parsed.GetRequiredValue(step);
                var item =
                    PeopleRequests.WaitingItem(reading, name) as ConfirmItem
                    ?? throw new Refusal(
                        ExitCode.Failed,
                        $"step '{name}' waits for an approval: belay approve {name} {reading.Run}"
                    );
                if (item.By is { } role && who != role && !speaker.Live.MayAct(who, role))
                    throw new Refusal(ExitCode.Failed, $"only {role} may confirm '{name}'");
                var word = new Confirmed
                {
                    Step = name,
                    By = who,
                    Note = parsed.GetValue(note),
                };
                var signature = speaker.Sign(word, (said, by) => said with { Signature = by });
                return await PeopleRequests.AskAsync(
                    place,
                    reading,
                    new ConfirmRequest
                    {
                        Step = name,
                        By = who,
                        Note = word.Note,
                        Signature = signature,
                    },
                    name,
                    now => now.Find(name)?.Confirmation is not null,
                    ct
                );
            }
        );
        return command;
    }
}
