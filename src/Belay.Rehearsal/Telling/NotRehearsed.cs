using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Telling;

/// <summary>What the world does not know of a plan's operations, said plainly.</summary>
internal static class NotRehearsed
{
    public static IEnumerable<string> In(Plan plan, Catalog catalog)
    {
        foreach (
            var group in plan.AllItems()
                .Select(Unknown)
                .OfType<(string Words, string Place)>()
                .GroupBy(pair => pair.Words, StringComparer.Ordinal)
        )
            yield return $"not rehearsed: {group.Key} ({string.Join(", ", group.Select(pair => pair.Place))})";
        if (plan.AllItems().Any(item => item is ConfirmItem))
            yield return "not rehearsed: what people do by hand in manual steps; they are taken to have done it";

        (string, string)? Unknown(Item item) =>
            item switch
            {
                DoItem change when !Touches(change.Operation, change.With).Any(Tells) => (
                    $"what {change.Operation} does, only that it is done, fails or is undone",
                    Place(plan, item)
                ),
                CheckItem check when Touches(check.Operation, check.With).All(touch => touch.Proves == Proof.Nothing) =>
                    ($"what {check.Operation} looks at, it is taken to hold", Place(plan, item)),
                _ => null,
            };

        IEnumerable<Touch> Touches(string operation, JsonElement with)
        {
            try
            {
                return catalog.Find(operation)?.TouchesOf(with) ?? [];
            }
            catch (JsonException)
            {
                // Inputs that only the run resolves: of what it then does nothing is known here.
                return [];
            }
        }
    }

    private static bool Tells(Touch touch) =>
        Members.IsMember(touch.Resource)
        && (
            touch.Kind is not (TouchKind.Read or TouchKind.Modify or TouchKind.Rename)
            || touch.Reaches is not null
            || touch.Copies is not null
        );

    private static string Place(Plan plan, Item item) =>
        plan.Sources.GetValueOrDefault(item.Id) is { } source ? $"{source.File}:{source.Line}" : item.Id;
}
