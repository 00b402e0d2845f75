using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Before a new member gets traffic a check says that it serves as it should: each of them, not only the first.</summary>
/// <remarks>The check is known by the member's address; where that is not known, any check of what serves counts that stands for the same member of the loop.</remarks>
internal static class RouteUnproven
{
    public const string Code = "route-unproven";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var proven = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in outline.Entries.Where(entry => !entry.Touches.IsEmpty))
        {
            foreach (var touch in entry.Touches)
            {
                if (touch.Proves == Proof.Serves)
                {
                    (proven[outline.Members.Of(touch.Resource)], proven[$"of {entry.Member}"]) = (entry, entry);
                }
                else if (touch.Kind == TouchKind.RouteTo && IsUnproven(outline, proven, entry, touch))
                {
                    yield return new Finding
                    {
                        Code = Code,
                        Step = entry.Id,
                        Message = $"'{entry.Name}' routes to {touch.Resource}, of which no check says that it serves",
                        Hint = "check its release and its health before it gets traffic",
                    };
                }
            }
        }
    }

    private static bool IsUnproven(Outline outline, Dictionary<string, Entry> proven, Entry entry, Touch touch)
    {
        var member = outline.Members.Of(touch.Resource);
        var made = outline.Members.CreatedBy(member);
        return !outline.Members.IsStore(member)
            && !IsProof(proven.GetValueOrDefault(member), made, entry)
            && !(touch.Address is null && IsProof(proven.GetValueOrDefault($"of {entry.Member}"), made, entry));
    }

    private static bool IsProof(Entry? proof, Entry? made, Entry route) =>
        proof?.IsDoneBefore(route) == true && made?.IsDoneBefore(proof) != false;
}
