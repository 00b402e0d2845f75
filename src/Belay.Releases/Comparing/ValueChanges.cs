using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Values and their defaults, file by file; which file of the old release is which of the new one, the keys say.</summary>
internal static class ValueChanges
{
    /// <summary>Files with a smaller share of common keys are two files.</summary>
    private const double LeastCommon = 0.3;

    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        var waiting = old.Settings.ToList();
        var sameName = now.Settings.Select(file => (New: file, Old: waiting.Find(o => o.File == file.File))).ToList();
        waiting.RemoveAll(file => sameName.Exists(pair => pair.Old == file));
        foreach (var (file, same) in sameName)
        {
            var before = same ?? Nearest(file, waiting);
            if (same is null && before is not null)
                waiting.Remove(before);
            foreach (var change in Of(before?.Values ?? [], file.Values))
                yield return change;
        }
        foreach (var file in waiting)
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Values,
                Kind = ChangeKind.Removed,
                Name = file.File,
                Weight = Weight.Look,
                Meaning = $"the file with its {file.Values.Length} values is gone",
                Place = file.File,
            };
    }

    private static SettingsFile? Nearest(SettingsFile file, List<SettingsFile> others)
    {
        var ranked = others
            .Select(other => (other, Share: Common(file, other)))
            .OrderByDescending(o => o.Share)
            .FirstOrDefault();
        return ranked.Share >= LeastCommon ? ranked.other : null;
    }

    private static double Common(SettingsFile a, SettingsFile b)
    {
        var (x, y) = (a.Values.Select(v => v.Key).ToHashSet(), b.Values.Select(v => v.Key).ToHashSet());
        var all = x.Union(y).Count();
        return all == 0 ? 0 : (double)x.Intersect(y).Count() / all;
    }

    private static IEnumerable<ReleaseChange> Of(IEnumerable<SettingFact> old, IEnumerable<SettingFact> now) =>
        from pair in Pairing.Of(old, now, value => value.Key, value => value.Meaning)
        where pair.IsRenamed || pair.Old?.Meaning != pair.New?.Meaning
        select new ReleaseChange
        {
            Area = ReleaseArea.Values,
            Kind =
                pair.IsRenamed ? ChangeKind.Renamed
                : pair.Old is null ? ChangeKind.Added
                : pair.New is null ? ChangeKind.Removed
                : ChangeKind.Changed,
            Name = pair.Name,
            Old = pair.IsRenamed ? pair.Old!.Key : pair.Old?.Value,
            New = pair.New?.Value,
            Weight =
                pair.New is { IsPlaceholder: true } && pair.Old is not { IsPlaceholder: true } ? Weight.Act
                : pair.IsRenamed || pair.New is null ? Weight.Look
                : Weight.Know,
            Meaning =
                pair.New is { IsPlaceholder: true } && pair.Old is not { IsPlaceholder: true } ? "to be filled in"
                : pair.IsRenamed ? "by likeness: a value of yours under the old name has no effect any more"
                : pair.New is null ? "a value of yours there has no effect any more"
                : null,
            Place = (pair.New ?? pair.Old)!.Place,
        };
}
