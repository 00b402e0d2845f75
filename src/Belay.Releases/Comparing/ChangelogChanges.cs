using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>What the changelog says of the new release, what may need hands picked out.</summary>
internal static class ChangelogChanges
{
    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        var known = old.Changelog.Select(entry => (entry.Version, entry.Section, entry.Text)).ToHashSet();
        return from entry in now.Changelog
            where !known.Contains((entry.Version, entry.Section, entry.Text))
            orderby IsToRead(entry) descending
            select new ReleaseChange
            {
                Area = ReleaseArea.Changelog,
                Kind = ChangeKind.Added,
                Name = $"{entry.Version} {entry.Section}",
                New = entry.Text,
                Weight = IsToRead(entry) ? Weight.Look : Weight.Know,
                Place = entry.Place,
            };
    }

    private static bool IsToRead(ChangelogEntry entry) =>
        entry.Section is "Changed" or "Removed" or "Deprecated" or "Security";
}
