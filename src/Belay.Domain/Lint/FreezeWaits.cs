using Belay.Domain.Json;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>Nothing inside a freeze of writes may wait for a person, or longer than the freeze may last: writes would go on in the middle of the work.</summary>
internal static class FreezeWaits
{
    public const string Code = "freeze-waits";

    public static IEnumerable<Finding> Check(Outline outline) =>
        from entry in outline.Entries
        where entry.Item is DuringItem { Mode: DuringMode.Freeze, AtMost: not null }
        let during = (DuringItem)entry.Item
        let why = Why(during, during.AtMost!.Value)
        where why is not null
        select new Finding
        {
            Code = Code,
            Step = entry.Id,
            Message = $"the freeze '{entry.Name}' ends after {Duration.Format(during.AtMost!.Value)}, and {why}",
            Hint = "move the wait out of the freeze: before it, or behind it",
        };

    private static string? Why(DuringItem during, TimeSpan atMost)
    {
        var inside = during.Steps.SelectMany(Walk).ToArray();
        if (Array.Find(inside, item => item is ApproveItem or ConfirmItem) is { } person)
            return $"'{person.Id}' waits for a person inside it";
        var waits = inside
            .OfType<SoakItem>()
            .Aggregate(TimeSpan.Zero, (sum, soak) => sum + (soak.Time ?? TimeSpan.Zero));
        return waits >= atMost ? $"the soaks inside it take {Duration.Format(waits)}" : null;
    }

    private static IEnumerable<Item> Walk(Item item) => item.Children.SelectMany(Walk).Prepend(item);
}
