using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Cli.Verbs;

/// <summary><c>belay approve</c>: approves a step from another terminal.</summary>
internal static class ApproveVerb
{
    public static Command Create(SharedOptions shared)
    {
        var step = shared.Step("The step that waits for an approval", StepState.Running);
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var by = SharedOptions.By();
        var note = new Option<string?>("--note") { Description = "What to keep with it" };
        var key = KeyFiles.Option();
        var preview = new Option<bool>("--preview") { Description = "Only show what would be approved" };
        var command = new Command("approve", "Approve a step that waits for it, and what it leads to")
        {
            step,
            run,
            environment,
            note,
            preview,
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
                    PeopleRequests.WaitingItem(reading, name) as ApproveItem
                    ?? throw new Refusal(
                        ExitCode.Failed,
                        $"step '{name}' waits for a confirmation: belay confirm {name} {reading.Run}"
                    );
                var requested = reading.Find(name)!.Requested!;
                place.Screen.Write(ApprovalText.Of(reading, requested));
                if (parsed.GetValue(preview))
                {
                    place.Screen.Write(requested, CliJson.Instance.ApprovalRequested);
                    return ExitCode.Done;
                }
                RefuseWhoMayNot(place, reading, item, who);
                var word = new Approved
                {
                    Step = name,
                    By = who,
                    Note = parsed.GetValue(note),
                    Covers = requested.Covers,
                };
                var signers = place.EnvironmentOf(reading).Signers;
                word = word with { Signature = place.Sign(reading, word, who, parsed.GetValue(key), signers) };
                KeyFiles.RefuseUnsigned(reading, word, signers);
                if (!place.Screen.Confirm($"Approve this as {who}?"))
                    throw new Refusal(ExitCode.Failed, "not approved: the run goes on waiting");
                return await PeopleRequests.AskAsync(
                    place,
                    reading,
                    new ApproveRequest
                    {
                        Step = name,
                        By = who,
                        Note = word.Note,
                        Covers = word.Covers,
                        Signature = word.Signature,
                    },
                    name,
                    now => now.Find(name)?.Approvals.Any(approval => approval.By == who) == true,
                    ct
                );
            }
        );
        return command;
    }

    /// <summary>Says at once what the engine, whose word counts, would say later.</summary>
    private static void RefuseWhoMayNot(Workplace place, RunReading reading, ApproveItem item, string who)
    {
        var why =
            item.Not == "starter" && who == reading.Start!.By ? $"{who} started the run and may not approve it"
            : reading.Mender == who ? $"{who} mended the plan and may not approve the mend"
            : who != item.By && !place.EnvironmentOf(reading).MayAct(who, item.By)
                ? $"{who} is not {item.By}: the roles of people stand under 'roles' in environments/{reading.Plan!.Environment}.yaml"
            : null;
        if (why is not null)
            throw new Refusal(ExitCode.Failed, why);
    }
}
