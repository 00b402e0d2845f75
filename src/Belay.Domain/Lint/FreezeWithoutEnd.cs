using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A freeze of writes must end on every path: as a <c>during</c> with a deadline, or inside the operation that freezes.</summary>
internal static class FreezeWithoutEnd
{
    public const string Code = "freeze-without-end";

    public static IEnumerable<Finding> Check(Outline outline) => outline.Entries.Select(Problem).OfType<Finding>();

    private static Finding? Problem(Entry entry) =>
        entry.Item switch
        {
            DuringItem { Mode: DuringMode.Freeze, AtMost: null } during => new Finding
            {
                Code = Code,
                Step = during.Id,
                Message = $"the freeze '{during.Id}' has no deadline",
                Hint = "give at-most, the time after which writes go on in any case",
            },
            DoItem change
                when entry.Parent?.Item is not DuringItem { Mode: DuringMode.Freeze } around
                    || around.Condition != change => Frozen(entry) is { } resource
                ? new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message =
                        $"'{change.Id}' freezes writes to {resource}, and a failure after it would leave them frozen",
                    Hint = "write it as during: { freeze: ..., at-most: ... } around the steps that need it",
                }
                : null,
            _ => null,
        };

    /// <summary>What a step that does nothing but freeze leaves frozen; an operation that freezes for the time of its own work ends it itself.</summary>
    private static string? Frozen(Entry entry) =>
        entry.Touches.All(t => t.Kind is TouchKind.Freeze or TouchKind.Read)
            ? entry.Touches.FirstOrDefault(t => t.Kind == TouchKind.Freeze)?.Resource
            : null;
}
