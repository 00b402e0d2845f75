using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>A planned change as people read it. Pure.</summary>
internal static class PlanLine
{
    /// <summary>The line of a change; a loss that was allowed shows its reason.</summary>
    public static DifferenceLine Of(PlannedChange change, IEnumerable<AllowedLoss> allowed)
    {
        var reason = change.Loses
            ? allowed
                .FirstOrDefault(loss => loss.Address == change.Address && loss.Action == Gate.KindOf(change.Action))
                ?.Reason
            : null;
        var words = string.Concat(
            Verb(change),
            change.Words.Length > 0 ? $": {change.Words}" : "",
            reason is null ? "" : $" (allowed: {reason})"
        );
        return change.Action switch
        {
            PlannedAction.Create => new DifferenceLine(change.Address, null, words),
            PlannedAction.Move => new DifferenceLine(change.Address, change.From, words),
            _ => new DifferenceLine(change.Address, "there", words),
        };
    }

    private static string Verb(PlannedChange change) =>
        change.Action switch
        {
            PlannedAction.Create => "created",
            PlannedAction.Update => "updated in place",
            PlannedAction.Replace => "REPLACED, destroyed first",
            PlannedAction.ReplaceCreatingFirst => "REPLACED, destroyed once its successor is there",
            PlannedAction.Delete => "DESTROYED",
            PlannedAction.Forget => "FORGOTTEN: it stays, and nothing looks after it any more",
            PlannedAction.Move => "moved in the state",
            PlannedAction.Import => "adopted into the state",
            _ => change.Action.ToString(),
        };
}
