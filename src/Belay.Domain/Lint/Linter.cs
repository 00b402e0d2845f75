using System.Collections.Immutable;
using Belay.Domain.Lint.PolicyRules;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>Refuses plans that can be read and should not run. Pure; each rule walks the plan once.</summary>
public static class Linter
{
    /// <summary>All that the rules find, in the order of the plan, whatever its environment says; one finding for each rule and item.</summary>
    public static ImmutableArray<Finding> Lint(Plan plan, Catalog catalog)
    {
        var outline = Outline.Of(plan, catalog);
        return InOrder(outline, Rules(outline));
    }

    /// <summary>What stands against a plan on its environment: the rules, the environment's policies, and what its people accept.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="catalog">The operations.</param>
    /// <param name="house">What the environment says.</param>
    /// <param name="now">The time, for the environment's windows and for acceptances that end.</param>
    /// <param name="starts">Whether the plan is to run now: then it is an error when the environment takes no changes, else a warning.</param>
    public static Judgement Judge(Plan plan, Catalog catalog, HouseRules house, DateTimeOffset now, bool starts)
    {
        var outline = Outline.Of(plan, catalog);
        IEnumerable<Finding> findings =
        [
            .. PolicyTimes.Check(plan, house.Policies.Calendar, now, starts ? Severity.Error : Severity.Warning),
            .. Rules(outline),
            .. PolicySoak.Check(outline, house.Policies),
            .. PolicyApprovals.Check(outline, house.Policies),
            .. PolicyProtected.Check(outline, house.Policies),
        ];
        return Acceptances.Apply(InOrder(outline, findings), house.Acceptances, DayOf(now));
    }

    /// <summary>What stands against going on now with a run whose plan was judged when it started: the environment's windows and freezes, and what people accepted then and accept no more.</summary>
    /// <param name="plan">The plan as it ran.</param>
    /// <param name="accepted">What was accepted of steps that are still ahead.</param>
    /// <param name="house">What the environment says now.</param>
    /// <param name="now">The time.</param>
    public static Judgement JudgeGoingOn(
        Plan plan,
        IEnumerable<AcceptedRisk> accepted,
        HouseRules house,
        DateTimeOffset now
    ) =>
        Acceptances.Take(
            [
                .. PolicyTimes.Check(plan, house.Policies.Calendar, now, Severity.Error),
                .. accepted.Where(risk => !PolicyTimes.IsAbout(risk.Code)).Select(Acceptances.Again),
            ],
            house.Acceptances,
            DayOf(now)
        );

    private static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static IEnumerable<Finding> Rules(Outline outline)
    {
        var releases = Releases.Of(outline);
        return
        [
            .. RestoreWithoutBackup.Check(outline),
            .. BackupNotProven.Check(outline),
            .. BackupOfAnother.Check(outline),
            .. RestoreLeavesRelease.Check(outline, releases),
            .. RestoreUnderWriters.Check(outline),
            .. UndoAfterRestore.Check(outline),
            .. NeverUnguarded.Check(outline),
            .. DecommissionUnproven.Check(outline),
            .. UsedAfterDestroy.Check(outline),
            .. DestroyedWhileServing.Check(outline),
            .. DestroysAtOnce.Check(outline),
            .. NotDrained.Check(outline),
            .. CodeBeforeSchema.Check(outline, releases),
            .. SchemaLeavesRelease.Check(outline, releases),
            .. RouteUnproven.Check(outline),
            .. OffThePath.Check(outline),
            .. CopyNotProven.Check(outline),
            .. FreezeWithoutEnd.Check(outline),
            .. FreezeWaits.Check(outline),
            .. WholeGroup.Check(outline),
            .. ToleratedBeforeFinal.Check(outline, releases),
            .. ImpactWithoutApproval.Check(outline),
            .. SoakUnwatched.Check(outline),
            .. UnobservedChange.Check(outline),
        ];
    }

    private static ImmutableArray<Finding> InOrder(Outline outline, IEnumerable<Finding> findings) =>
        [
            .. findings
                // The members of a loop share their steps: what is wrong with one of them is said once.
                .DistinctBy(f => (f.Code, f.Step))
                .OrderBy(f => outline.OrdinalOf(f.Step))
                .ThenBy(f => f.Code, StringComparer.Ordinal)
                .Select(f => f with { At = outline.Plan.Sources.GetValueOrDefault(f.Step) }),
        ];
}
