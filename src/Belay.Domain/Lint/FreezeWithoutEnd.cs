using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A freeze of writes must end on every path, also on the one that a failure takes: as a <c>during</c> with a deadline, or inside the operation that freezes.</summary>
internal static class FreezeWithoutEnd
{
    public const string Code = "freeze-without-end";

    public static IEnumerable<Finding> Check(Outline outline) => outline.Entries.Select(Problem).OfType<Finding>();

    private static Finding? Problem(Entry entry) =>
        entry.Item switch
        {
            DuringItem { Mode: DuringMode.Freeze, AtMost: null } => new Finding
            {
                Code = Code,
                Step = entry.Id,
                Message = $"the freeze '{entry.Name}' has no deadline",
                Hint = "give at-most, the time after which writes go on in any case",
            },
            DoItem change
                when entry.Parent?.Item is not DuringItem { Mode: DuringMode.Freeze } around
                    || around.Condition != change => Frozen(entry) is { } resource
                ? new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message =
                        $"'{entry.Name}' freezes writes to {resource}, and a failure after it would leave them frozen",
                    Hint = "write it as during: { freeze: ..., at-most: ... } around the steps that need it",
                }
                : null,
            _ => null,
        };

    /// <summary>What the step leaves frozen: what it neither thaws itself nor takes out of use.</summary>
    private static string? Frozen(Entry entry) =>
        entry
            .Touches.FirstOrDefault(freeze =>
                freeze.Kind == TouchKind.Freeze
                && !entry.Touches.Any(end =>
                    end.Kind is TouchKind.Thaw or TouchKind.RouteAway or TouchKind.Destroy
                    && end.Resource == freeze.Resource
                )
            )
            ?.Resource;
}
