using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A loop that brings a release in, or takes capacity away, begins with a canary that proves something, and never does all the rest at once.</summary>
internal static class WholeGroup
{
    public const string Code = "whole-group-at-once";

    public const string CanaryCode = "no-canary";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        foreach (var (entry, each) in Loops(outline))
        {
            var members = each.Over.ValueKind == JsonValueKind.Array ? each.Over.GetArrayLength() : (int?)null;
            if (members < 2)
                continue;
            if (each.Batch > 1 && each.Batch >= members - each.Canary)
                yield return Of(
                    Code,
                    entry,
                    $"'{entry.Id}' changes {(each.Canary == 0 ? "all" : "all the other")} {members - each.Canary} members at the same time",
                    "take a smaller batch, so that a part always serves"
                );
            if (WhyNoCanary(entry, each) is { } why)
                yield return Of(
                    CanaryCode,
                    entry,
                    why,
                    "let one go first, canary: 1, with a check or a soak behind the step that gives it traffic"
                );
        }
    }

    private static string? WhyNoCanary(Entry entry, EachItem each) =>
        each.Canary == 0 ? $"'{entry.Id}' has no canary: nobody sees what the release is worth before the loop goes on"
        : Proves(each) ? null
        : $"the canary of '{entry.Id}' proves nothing: no check and no soak follow its traffic";

    private static IEnumerable<(Entry Entry, EachItem Each)> Loops(Outline outline)
    {
        // A loop counts when a step in it, for any member, moves traffic.
        var moving = new HashSet<Item>(ReferenceEqualityComparer.Instance);
        foreach (var entry in outline.Entries.Where(entry => entry.Touches.Any(MovesTraffic)))
        {
            for (var around = entry.Parent; around is not null; around = around.Parent)
                moving.Add(around.Item);
        }
        return outline
            .Entries.Where(entry => entry.Item is EachItem && moving.Contains(entry.Item))
            .Select(entry => (entry, (EachItem)entry.Item));
    }

    private static bool MovesTraffic(Touch touch) =>
        touch.Kind is TouchKind.RouteTo or TouchKind.RouteAway || touch.CapacityTaken > 0;

    private static bool Proves(EachItem each) =>
        each.Steps.SelectMany(Walk).SkipWhile(item => item is not DoItem).Any(item => item is CheckItem or SoakItem);

    private static IEnumerable<Item> Walk(Item item) => item.Children.SelectMany(Walk).Prepend(item);

    private static Finding Of(string code, Entry entry, string message, string hint) =>
        new()
        {
            Code = code,
            Step = entry.Id,
            Message = message,
            Hint = hint,
        };
}
