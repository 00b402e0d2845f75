using System.CommandLine;
using Belay.Cli.Work;
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
        var command = new Command("confirm", "Say that a manual step is done") { step, run, environment, note, by };
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
                return await PeopleRequests.AskAsync(
                    place,
                    reading,
                    new ConfirmRequest
                    {
                        Step = name,
                        By = who,
                        Note = parsed.GetValue(note),
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
