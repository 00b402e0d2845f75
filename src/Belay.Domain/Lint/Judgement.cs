using System.Collections.Immutable;

namespace Belay.Domain.Lint;

/// <summary>What lint says of a plan on its environment.</summary>
/// <param name="Findings">What stands against it, in the order of the plan.</param>
/// <param name="Accepted">What would stand against it, had nobody accepted it.</param>
public sealed record Judgement(ImmutableArray<Finding> Findings, ImmutableArray<AcceptedRisk> Accepted)
{
    /// <summary>The findings with which the plan must not run.</summary>
    public ImmutableArray<Finding> Refusals => [.. Findings.Where(finding => finding.Severity == Severity.Error)];
}
