using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Resources that the release declares.</summary>
internal static class ResourceChanges
{
    private const string Inactive = "in a file that the tool does not read under its name";

    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        // Active ones first: a resource may stand in an active file and in one that is kept for later.
        var (before, after) = (Ordered(old), Ordered(now));
        var moved = after.Where(r => r.MovedFrom is not null).ToDictionary(r => r.MovedFrom!, r => r.Id);
        foreach (
            var pair in Pairing.Of(
                before.Select(r => moved.TryGetValue(r.Id, out var to) ? r with { Id = to, MovedFrom = r.Id } : r),
                after,
                r => r.Id
            )
        )
        {
            if (Judge(pair) is not var (kind, weight, meaning, isFinal))
                continue;
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Resources,
                Kind = kind,
                Name = pair.Name,
                Old = kind == ChangeKind.Renamed ? pair.Old!.MovedFrom : null,
                Weight = weight,
                Meaning = meaning,
                IsFinal = isFinal,
                Place = (pair.New ?? pair.Old)!.Place,
            };
        }
    }

    private static (ChangeKind, Weight, string?, bool)? Judge(Pairing.Pair<ResourceFact> pair) =>
        pair switch
        {
            { Old: null, New.IsActive: true } => (ChangeKind.Added, Weight.Know, null, false),
            { Old: null } => (ChangeKind.Added, Weight.Look, Inactive, false),
            { New: null, Old.IsActive: true } => (
                ChangeKind.Removed,
                Weight.Act,
                "applying the release destroys it: is it still in use?",
                true
            ),
            { New: null } => (ChangeKind.Removed, Weight.Know, Inactive, false),
            { Old.IsActive: true, New.IsActive: false } => (
                ChangeKind.Changed,
                Weight.Act,
                $"{Inactive}: applying the release destroys it unless the file is renamed first",
                true
            ),
            { Old.IsActive: false, New.IsActive: true } => (ChangeKind.Changed, Weight.Know, "active now", false),
            { Old.MovedFrom: not null } => (ChangeKind.Renamed, Weight.Know, "the release says so itself", false),
            _ => null,
        };

    private static ResourceFact[] Ordered(ReleaseFacts release) =>
        [.. release.Resources.OrderByDescending(resource => resource.IsActive)];
}
