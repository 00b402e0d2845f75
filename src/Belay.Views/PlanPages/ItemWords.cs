using System.Text.Json;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Views.Reports;

namespace Belay.Views.PlanPages;

/// <summary>What happens at an item of a plan, in a sentence.</summary>
internal static class ItemWords
{
    public static string Of(Item item, Catalog catalog) =>
        item switch
        {
            DoItem change => Does(change, catalog),
            CheckItem check => Holds(check, catalog),
            ParallelItem => "All of these at the same time.",
            EachItem each => ForEach(each),
            SoakItem soak => Waits(soak),
            ApproveItem approve => Asks(approve),
            ConfirmItem confirm => $"By hand{By(confirm)}: {confirm.Instructions.TrimEnd()}",
            DuringItem during => Under(during, catalog),
            PhaseItem => "One after the other.",
            _ => throw new InvalidOperationException($"an item of no known kind: {item.GetType().Name}"),
        };

    private static string Does(DoItem change, Catalog catalog) =>
        $"{Summary(change.Operation, catalog)} ({change.Operation})."
        + (change.Restore is { } backup ? $" Taken back by restoring what '{backup}' saved." : "");

    private static string Holds(CheckItem check, Catalog catalog)
    {
        var waits = check.Within > TimeSpan.Zero ? $", asked for at most {Duration.Format(check.Within)}" : "";
        var holds = check.For > TimeSpan.Zero ? $", and must go on holding for {Duration.Format(check.For)}" : "";
        return $"Must hold: {Summary(check.Operation, catalog)} ({check.Operation}){waits}{holds}.";
    }

    private static string ForEach(EachItem each)
    {
        var members = each.Over.ValueKind == JsonValueKind.Array ? $"each of {each.Over.GetArrayLength()}" : "each";
        var first = each.Canary > 0 ? $", the first {each.Canary} one at a time" : "";
        var then =
            each.Batch > 1 ? $", then {each.Batch} at a time"
            : first.Length > 0 ? ", then one at a time"
            : "";
        var tolerated =
            each.Tolerate > 0 ? $"; {each.Tolerate} of them may fail, and are then undone and set aside" : "";
        return $"For {members} '{each.Variable}'{first}{then}{tolerated}.";
    }

    private static string Waits(SoakItem soak)
    {
        var whose = soak.Watch is { } watch ? $"the watch '{watch}' holds" : "all watches hold";
        return soak.Time is { } time
            ? $"Waits {Duration.Format(time)} while {whose}."
            : $"Waits for {Say.Count(soak.Samples ?? 0, "good sample")} of the watch '{soak.Watch}'.";
    }

    private static string Asks(ApproveItem approve)
    {
        var who = approve.Count == 1 ? $"{approve.By} approves" : $"{approve.Count} people of {approve.By} approve";
        return $"Stops until {who}{(approve.Not is null ? "" : ", and not the person who started the run")}.";
    }

    private static string By(ConfirmItem confirm) => confirm.By is { } who ? $", by {who}" : "";

    private static string Under(DuringItem during, Catalog catalog) =>
        during.Mode == DuringMode.Freeze
            ? $"{Summary(during.Condition.Operation, catalog)}, for at most {Duration.Format(during.AtMost!.Value)}; ended with the group, with a halt, and at that deadline in any case."
            : $"{Summary(during.Condition.Operation, catalog)} until the group is done, rolled back or abandoned.";

    private static string Summary(string operation, Catalog catalog) => catalog.Find(operation)?.Summary ?? operation;
}
