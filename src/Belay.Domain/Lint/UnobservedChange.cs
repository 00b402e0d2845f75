using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A change of which, after a crash in its middle, nobody but a person can say whether it happened.</summary>
internal static class UnobservedChange
{
    public const string Code = "unobserved-change";

    public static IEnumerable<Finding> Check(Outline outline) =>
        from entry in outline.Entries
        where entry.Item is DoItem change && IsUnobserved(outline, change)
        select new Finding
        {
            Code = Code,
            Step = entry.Id,
            Message =
                $"'{entry.Name}' cannot tell whether it is done, nor be done again: after a crash in its middle the run halts, and a person must say what happened",
            Hint = "give it a check; or say that it is repeatable, if it is",
            Severity = Severity.Warning,
        };

    private static bool IsUnobserved(Outline outline, DoItem change)
    {
        try
        {
            return outline.DefinitionOf(change)?.RepeatOf(change.With) == Repeat.Never;
        }
        catch (JsonException)
        {
            // A reference stands where the operation needs a number or a list: then nothing is known.
            return false;
        }
    }
}
