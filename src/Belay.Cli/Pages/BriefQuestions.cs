using Belay.Domain.Contract;
using Belay.Domain.Plans;
using Belay.Releases.Comparing;
using Belay.Releases.Merging;

namespace Belay.Cli.Pages;

/// <summary>What no file answers, and a person must.</summary>
internal static class BriefQuestions
{
    public static IEnumerable<string> Of(BriefFacts facts) =>
        facts
            .Diff.Changes.Select(Of)
            .Concat(
                from merge in facts.Merges
                from conflict in merge.Conflicts
                select $"{merge.File}: which value has {conflict.Key}, {Conflict(conflict)}?"
            )
            .Concat(facts.Diff.Notices.Where(n => n.Hint is not null).Select(n => $"{n.File} {n.Message}: {n.Hint}"))
            .Concat(OfPlan(facts.Plan))
            .OfType<string>();

    private static string? Of(ReleaseChange change) =>
        change switch
        {
            { Area: ReleaseArea.Resources, IsFinal: true } =>
                $"Is {change.Name} still used by anything, and may it be destroyed?",
            { Area: ReleaseArea.Migrations, IsFinal: true } =>
                $"{change.Name} {change.Meaning}: may the old release still run beside it, and who accepts the loss of a restore?",
            { Area: ReleaseArea.Migrations, Weight: Weight.Look or Weight.Act } =>
                $"{change.Name}: {change.Meaning}; does it hold for this environment?",
            { Kind: ChangeKind.Renamed, Weight: not Weight.Know } =>
                $"Is {change.Name} what {change.Old} was called before?",
            { Area: ReleaseArea.Environment, Weight: Weight.Act } =>
                $"What is {change.Name} in this environment, and who knows it?",
            { Area: ReleaseArea.Variables, Weight: Weight.Act, Kind: ChangeKind.Added } =>
                $"What is the variable {change.Name} in this environment?",
            { Area: ReleaseArea.Tools, Weight: Weight.Look } =>
                $"Will {change.Name} do as {change.New} demands? ({change.Meaning})",
            _ => null,
        };

    private static string Conflict(MergeConflict conflict) =>
        conflict.Kind switch
        {
            ConflictKind.BothChanged => "which you and the release changed",
            ConflictKind.BothAdded => "which you and the release added",
            ConflictKind.RemovedInNew => conflict.PerhapsNow is { } now
                ? $"which is gone, and perhaps called {now} now"
                : "which you changed and the release does not have any more",
            ConflictKind.RemovedByOperator => "which you took out and the release changed",
            _ => throw new ArgumentOutOfRangeException(nameof(conflict)),
        };

    private static IEnumerable<string> OfPlan(BriefPlan? plan)
    {
        if (plan is null)
        {
            yield return "There is no plan yet: in which order is this done, and up to where can it be taken back?";
            yield break;
        }
        foreach (var approve in plan.Plan.AllItems().OfType<ApproveItem>())
            yield return $"Who of {approve.By} is there to approve '{approve.Title}'?";
        foreach (var line in plan.Boundary.Where(line => line.Reversal == Reversal.Restore))
            yield return $"Who would accept the loss of taking '{line.Title}' back?";
    }
}
