using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A soak waits while the watches hold; without a watch it is only waiting.</summary>
internal static class SoakUnwatched
{
    public const string Code = "soak-unwatched";

    public static IEnumerable<Finding> Check(Outline outline) =>
        outline.Watches.IsEmpty
            ? outline
                .Entries.Where(entry => entry.Item is SoakItem)
                .Select(entry => new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message = $"'{entry.Name}' soaks, and the plan watches nothing meanwhile",
                    Hint = "name under watch what has to go on holding",
                    Severity = Severity.Warning,
                })
            : [];
}
