using System.Collections.Immutable;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>Refuses plans that can be read and should not run. Pure; each rule walks the plan once.</summary>
public static class Linter
{
    /// <summary>All findings, in the order of the plan.</summary>
    public static ImmutableArray<Finding> Lint(Plan plan, Catalog catalog)
    {
        var outline = Outline.Of(plan, catalog);
        IEnumerable<Finding> findings =
        [
            .. RestoreWithoutBackup.Check(outline),
            .. NeverUnguarded.Check(outline),
            .. FreezeWithoutEnd.Check(outline),
            .. ImpactWithoutApproval.Check(outline),
            .. UsedAfterDestroy.Check(outline),
        ];
        return
        [
            .. findings
                .OrderBy(f => outline.OrdinalOf(f.Step))
                .ThenBy(f => f.Code, StringComparer.Ordinal)
                .Select(f => f with { At = plan.Sources.GetValueOrDefault(f.Step) }),
        ];
    }
}
