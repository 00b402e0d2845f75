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
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var by = SharedOptions.By();
        var note = new Option<string?>("--note") { Description = "What you saw; kept in the journal" };
        var key = KeyFiles.Option();
        var command = new Command("confirm", "Say that a manual step is done")
        {
            step,
            run,
            environment,
            note,
            by,
            key,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var reading = await place.Runs.FindAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                var (name, who) = (parsed.GetRequiredValue(step), parsed.GetRequiredValue(by));
                var item =
                    PeopleRequests.WaitingItem(reading, name) as ConfirmItem
                    ?? throw new Refusal(
                        ExitCode.Failed,
                        $"step '{name}' waits for an approval: belay approve {name} {reading.Run}"
                    );
                if (item.By is { } role && who != role && !place.EnvironmentOf(reading).MayAct(who, role))
                    throw new Refusal(ExitCode.Failed, $"only {role} may confirm '{name}'");
                var word = new Confirmed
                {
                    Step = name,
                    By = who,
                    Note = parsed.GetValue(note),
                };
                var signers = place.EnvironmentOf(reading).Signers;
                word = word with { Signature = place.Sign(reading, word, who, parsed.GetValue(key), signers) };
                KeyFiles.RefuseUnsigned(reading, word, signers);
                return await PeopleRequests.AskAsync(
                    place,
                    reading,
                    new ConfirmRequest
                    {
                        Step = name,
                        By = who,
                        Note = word.Note,
                        Signature = word.Signature,
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
