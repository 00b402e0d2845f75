using System.Globalization;
using Belay.Domain.Lint;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Cli.Screens;

/// <summary>A way back as a plan: its moves in their order, where it ends, what speaks against it. Pure.</summary>
internal static class BackPlanText
{
    public static IEnumerable<ScreenLine> Of(RunReading reading, BackPlan plan)
    {
        var number = 0;
        foreach (var move in plan.Moves)
            yield return string.Create(CultureInfo.InvariantCulture, $"{++number, 4}  {Words(move)}");
        yield return $"      ends {End(reading, plan)}";
        foreach (var finding in plan.Findings)
            yield return ScreenLine.Of(
                finding.ToString(),
                finding.Severity == Severity.Error ? Tone.Bad : Tone.Warning
            );
    }

    private static string Words(BackMove move) =>
        move switch
        {
            BackMove.Undo undo => $"undo '{undo.Step}' ({undo.Operation}): exact, observed afterwards",
            BackMove.Restore { Backup: "" } restore => $"restore '{restore.Step}': the plan names no backup",
            BackMove.Restore restore =>
                $"restore '{restore.Backup}' for '{restore.Step}': the loss is counted and asked for, compared afterwards",
            BackMove.Covered covered =>
                $"nothing for '{covered.Step}': the restore of '{covered.Backup}' takes it back",
            _ => throw new ArgumentOutOfRangeException(nameof(move)),
        };

    private static string End(RunReading reading, BackPlan plan) =>
        plan.Left.IsEmpty
            ? $"as it was before the run: release {reading.Plan!.From}"
            : $"with {plan.Left.Length} {(plan.Left.Length == 1 ? "change" : "changes")} standing: {Screens.Words.List(plan.Left)}";
}
