using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Migrations of databases.</summary>
internal static class MigrationChanges
{
    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        foreach (var pair in Pairing.Of(old.Migrations, now.Migrations, m => $"{m.Number} {m.Name}"))
        {
            if (pair is { Old: { } a, New: { } b } && a.Hash == b.Hash)
                continue;
            var (weight, meaning) = Judge(pair.Old, pair.New);
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Migrations,
                Kind =
                    pair.Old is null ? ChangeKind.Added
                    : pair.New is null ? ChangeKind.Removed
                    : ChangeKind.Changed,
                Name = (pair.New ?? pair.Old)!.Name,
                Weight = weight,
                Meaning = meaning,
                IsFinal = pair is { Old: null, New: { HasWayBack: false, Nature: not MigrationNature.Expands } },
                Place = (pair.New ?? pair.Old)!.Place,
            };
        }
    }

    private static (Weight, string) Judge(MigrationFact? old, MigrationFact? now) =>
        (old, now) switch
        {
            (not null, not null) => (
                Weight.Act,
                "changed after it was released: databases that have it do not get the change"
            ),
            (_, null) => (Weight.Look, "gone: databases that have it keep it"),
            var (_, added) => (
                added.Nature switch
                {
                    MigrationNature.Expands => Weight.Know,
                    MigrationNature.Contracts => Weight.Act,
                    _ => Weight.Look,
                },
                Words(added)
            ),
        };

    private static string Words(MigrationFact migration) =>
        migration.Nature switch
        {
            MigrationNature.Expands => "only expands: the old release can go on",
            MigrationNature.WritesData => "writes data",
            MigrationNature.Unknown => "what it does to the old release cannot be told",
            MigrationNature.Contracts => "contracts: the old release may fail on it",
            _ => throw new ArgumentOutOfRangeException(nameof(migration)),
        }
        + (
            migration.HasWayBack ? "; a file takes it back"
            : migration.Nature == MigrationNature.Expands ? ""
            : "; no file takes it back"
        )
        + (migration.Reasons.IsEmpty ? "" : $" ({string.Join("; ", migration.Reasons.Take(3))})");
}
