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
        var note = new Option<string?>("--note") { Description = "What to keep with it" };
        var preview = new Option<bool>("--preview") { Description = "Only show what would be approved" };
        var command = new Command("approve", "Approve a step that waits for it, and what it leads to")
        {
            step,
            note,
            preview,
        };
        var person = new PersonOptions(shared, command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var speaker = await person.SpeakerAsync(parsed, ct);
                var (place, reading, who) = (speaker.Place, speaker.Reading, speaker.Name);
                var name = parsed.GetRequiredValue(step);
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
                RefuseWhoMayNot(speaker, item);
                var word = new Approved
                {
                    Step = name,
                    By = who,
                    Note = parsed.GetValue(note),
                    Covers = requested.Covers,
                };
                var signature = speaker.Sign(word, (said, by) => said with { Signature = by });
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
                        Signature = signature,
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
    private static void RefuseWhoMayNot(Speaker speaker, ApproveItem item)
    {
        var (reading, who) = (speaker.Reading, speaker.Name);
        var why =
            item.Not == "starter" && who == reading.Start!.By ? $"{who} started the run and may not approve it"
            : reading.Mender == who ? $"{who} mended the plan and may not approve the mend"
            : who != item.By && !speaker.Live.MayAct(who, item.By)
                ? $"{who} is not {item.By}: the roles of people stand under 'roles' in environments/{reading.Plan!.Environment}.yaml"
            : null;
        if (why is not null)
            throw new Refusal(ExitCode.Failed, why);
    }
}
