using Belay.Domain.Environments;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint.PolicyRules;

/// <summary>As many people approve as the environment demands, and not the one who started the run where it forbids that.</summary>
internal static class PolicyApprovals
{
    public const string Code = "policy-approvers";

    public const string SelfCode = "policy-self-approval";

    public static IEnumerable<Finding> Check(Outline outline, Policies policies)
    {
        var approvals = outline.Entries.FindAll(entry => entry.Item is ApproveItem);
        if (
            policies.Approvers > 0
            && outline.Entries.Find(entry => entry.Item is DoItem) is { } first
            && !approvals.Exists(approval => approval.IsDoneBefore(first))
        )
            yield return Of(
                Code,
                first,
                $"'{first.Name}' is the first change; the environment demands an approval by {People(policies.Approvers)} before it",
                $"put approve: {{ by: ROLE, count: {policies.Approvers} }} before it"
            );
        foreach (var approval in approvals)
        {
            var item = (ApproveItem)approval.Item;
            if (item.Count < policies.Approvers)
                yield return Of(
                    Code,
                    approval,
                    $"'{approval.Name}' asks {People(item.Count)}; the environment demands {People(policies.Approvers)}",
                    $"write count: {policies.Approvers}"
                );
            if (!policies.SelfApproval && item.Not != "starter")
                yield return Of(
                    SelfCode,
                    approval,
                    $"'{approval.Name}' could be given by the person who started the run, which the environment forbids",
                    "write not: starter"
                );
        }
    }

    private static string People(int count) => count == 1 ? "1 person" : $"{count} people";

    private static Finding Of(string code, Entry entry, string message, string hint) =>
        new()
        {
            Code = code,
            Step = entry.Id,
            Message = message,
            Hint = hint,
        };
}
