using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>What users will notice needs somebody's approval before it happens.</summary>
internal static class ImpactWithoutApproval
{
    public const string Code = "impact-without-approval";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var approvals = outline.Entries.FindAll(e => e.Item is ApproveItem);
        foreach (var entry in outline.Entries.Where(e => e.Item.Impact is not null))
        {
            // Most plans have one approval or two; the first that counts ends the search.
            if (!approvals.Exists(approval => approval.IsDoneBefore(entry)))
                yield return new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message =
                        $"'{entry.Name}' will be noticed on {entry.Item.Impact!.Route}, and nobody is asked before it",
                    Hint = "put an approval before it",
                };
        }
    }
}
