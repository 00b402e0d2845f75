using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>While members of a loop may be set aside, on the old release, nothing that they still need may end: no store or member for good, no schema that they can live with.</summary>
internal static class ToleratedBeforeFinal
{
    public const string Code = "set-aside-before-final";

    public static IEnumerable<Finding> Check(Outline outline, Releases releases)
    {
        Entry? tolerant = null;
        foreach (var entry in outline.Entries)
        {
            if (entry.Item is EachItem { Tolerate: > 0 })
                tolerant ??= entry;
            if (tolerant is not null && What(outline, releases, entry) is { } what)
                yield return new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message =
                        $"'{entry.Name}' {what}, and '{tolerant.Id}' may have set members aside, which still run release {outline.Plan.From}",
                    Hint = "tolerate none, or do this in a plan of its own, once nothing is set aside",
                };
        }
    }

    private static string? What(Outline outline, Releases releases, Entry entry) =>
        entry.Reversal is Reversal.Never or Reversal.Restore
        && entry.Touches.FirstOrDefault(t => t.Kind == TouchKind.Destroy && Members.IsMember(t.Resource)) is { } touch
            ? $"ends {touch.Resource} for good"
        : entry.Touches.FirstOrDefault(t => Leaves(outline, releases, t)) is { } migration
            ? $"brings {migration.Resource} to schema {migration.Reaches}"
        : null;

    private static bool Leaves(Outline outline, Releases releases, Touch touch) =>
        touch.Reaches is { } reaches
        && releases.WindowOf(outline.Plan.From, ResourceNames.PlaceOf(touch.Resource)) is { } window
        && (reaches < window.Least || reaches > window.Greatest);
}
