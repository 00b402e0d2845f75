using Belay.Domain.Plans;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Who may approve or confirm what.</summary>
internal static class Approvals
{
    /// <summary>The word of a plan for the person who started the run.</summary>
    private const string Starter = "starter";

    /// <returns>Why the request does not count; null when it does.</returns>
    public static string? WhyNot(Item item, RunRequest request, RunContext run) =>
        (item, request) switch
        {
            (ApproveItem approve, ApproveRequest asked) => WhyNot(approve, asked, run),
            (ConfirmItem { By: { } role }, ConfirmRequest asked) when !May(asked.By, role, run) =>
                $"only {role} may confirm it",
            (ConfirmItem, ConfirmRequest) => null,
            (ApproveItem, _) => "the step waits for an approval: belay approve",
            _ => "the step waits for a confirmation: belay confirm",
        };

    private static string? WhyNot(ApproveItem item, ApproveRequest asked, RunContext run)
    {
        var reading = run.Recorder.Reading;
        if (asked.Covers != reading.Find(asked.Step)?.Requested?.Covers)
            return "the plan, or what it would do, changed since it was shown: look at it again";
        if (item.Not == Starter && asked.By == reading.Start!.By)
            return $"{asked.By} started the run and may not approve it";
        if (item.Not is { } not && not != Starter && May(asked.By, not, run))
            return $"{not} may not approve it";
        if (reading.Mender == asked.By)
            return $"{asked.By} mended the plan and may not approve the mend";
        return May(asked.By, item.By, run) ? null : $"only {item.By} may approve it";
    }

    private static bool May(string person, string role, RunContext run) =>
        person == role || run.Parts.MayAct(person, role);
}
