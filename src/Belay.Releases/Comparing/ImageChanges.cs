using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Images by name, tag and digest.</summary>
internal static class ImageChanges
{
    private sealed record Versions(string Name, string All, string Tags, string Place, bool HasVersion);

    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        foreach (var pair in Pairing.Of(Grouped(old), Grouped(now), image => image.Name, image => Last(image.Name)))
        {
            var (before, after) = (pair.Old, pair.New);
            if (before?.All == after?.All && !pair.IsRenamed)
                continue;
            var isSwapped = before?.Tags == after?.Tags && before is { HasVersion: true } && !pair.IsRenamed;
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Images,
                Kind =
                    pair.IsRenamed ? ChangeKind.Renamed
                    : before is null ? ChangeKind.Added
                    : after is null ? ChangeKind.Removed
                    : ChangeKind.Changed,
                Name = pair.Name,
                Old = pair.IsRenamed ? $"{before!.Name} {before.All}" : before?.All,
                New = after?.All,
                Weight = isSwapped || after is { HasVersion: false } ? Weight.Look : Weight.Know,
                Meaning =
                    isSwapped ? "the same tag names another image: what runs depends on when it was pulled"
                    : after is { HasVersion: false }
                        ? "neither tag nor digest is named: what runs depends on when it is pulled"
                    : null,
                Place = (after ?? before)!.Place,
            };
        }
    }

    private static IEnumerable<Versions> Grouped(ReleaseFacts release) =>
        release
            .Images.GroupBy(image => image.Name)
            .Select(group => new Versions(
                group.Key,
                Join(group.Select(i => i.Tag + (i.Digest is null ? "" : $"@{i.Digest}"))),
                Join(group.Select(i => i.Tag ?? "")),
                group.First().Place,
                group.Any(i => i.Tag is { Length: > 0 } || i.Digest is not null)
            ));

    private static string Join(IEnumerable<string> all) =>
        string.Join(", ", all.Where(one => one.Length > 0).Distinct().Order(StringComparer.Ordinal));

    private static string Last(string name) => name[(name.LastIndexOf('/') + 1)..];
}
