using System.Collections.Immutable;
using Belay.Domain.Lint.PolicyRules;

namespace Belay.Domain.Lint;

/// <summary>The codes of findings. A code never changes its meaning; each has its page in the guide.</summary>
public static class LintCodes
{
    /// <summary>All codes.</summary>
    public static ImmutableSortedSet<string> All { get; } =
        ImmutableSortedSet.Create(
            StringComparer.Ordinal,
            RestoreWithoutBackup.Code,
            BackupNotProven.Code,
            BackupOfAnother.Code,
            RestoreLeavesRelease.Code,
            RestoreUnderWriters.Code,
            UndoAfterRestore.Code,
            NeverUnguarded.Code,
            DecommissionUnproven.Code,
            UsedAfterDestroy.Code,
            UsedAfterDestroy.BesideCode,
            DestroyedWhileServing.Code,
            DestroyedWhileServing.WatchCode,
            DestroysAtOnce.Code,
            NotDrained.Code,
            CodeBeforeSchema.Code,
            SchemaLeavesRelease.Code,
            RouteUnproven.Code,
            OffThePath.Code,
            CopyNotProven.Code,
            CopyNotProven.WritersCode,
            FreezeWithoutEnd.Code,
            FreezeWaits.Code,
            WholeGroup.Code,
            WholeGroup.CanaryCode,
            ToleratedBeforeFinal.Code,
            ImpactWithoutApproval.Code,
            SoakUnwatched.Code,
            UnobservedChange.Code,
            PolicySoak.Code,
            PolicyApprovals.Code,
            PolicyApprovals.SelfCode,
            PolicyProtected.Code,
            PolicyTimes.WindowCode,
            PolicyTimes.FreezeCode,
            Acceptances.UnknownCode,
            Acceptances.UnusedCode,
            Acceptances.ExpiredCode
        );
}
