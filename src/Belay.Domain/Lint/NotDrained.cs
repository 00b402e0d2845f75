using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>A member that was routed to ends only after nobody uses it any more: after a step that drains it, or a check that proves it idle.</summary>
/// <remarks>What the plan neither routes to, routes away from, nor asks who uses it is no member, and not judged here. A step that says that users will notice it may cut them off.</remarks>
internal static class NotDrained
{
    public const string Code = "not-drained";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        // By member: the step that emptied it last.
        var empty = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in outline.Entries.Where(entry => !entry.Touches.IsEmpty))
        {
            foreach (var touch in entry.Touches)
            {
                var member = outline.Members.Of(touch.Resource);
                if (touch.Kind == TouchKind.Destroy && IsCutOff(outline, empty, entry, member))
                {
                    yield return new Finding
                    {
                        Code = Code,
                        Step = entry.Id,
                        Message =
                            $"'{entry.Name}' ends {touch.Resource}, and no step before it drains it or proves it idle",
                        Hint = "drain it first; or say with impact that users will notice it",
                    };
                }
                else if (touch.Drains || touch.Proves == Proof.Idle)
                {
                    empty[member] = entry;
                }
                else if (touch.Kind == TouchKind.RouteTo)
                {
                    empty.Remove(member);
                }
            }
        }
    }

    private static bool IsCutOff(Outline outline, Dictionary<string, Entry> empty, Entry entry, string member) =>
        outline.Members.IsServed(member)
        // What the plan made and never routed to has no users.
        && !(outline.Members.CreatedBy(member) is not null && outline.Members.RoutedBy(member) is null)
        && !entry.IsNoticed
        && !(empty.TryGetValue(member, out var emptied) && emptied.IsDoneBefore(entry));
}
