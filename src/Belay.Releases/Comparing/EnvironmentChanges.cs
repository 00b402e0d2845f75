using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Environment variables.</summary>
internal static class EnvironmentChanges
{
    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        foreach (var pair in Pairing.Of(Ordered(old), Ordered(now), v => v.Name))
        {
            if (pair is { Old: { } a, New: { } b } && a.Meaning == b.Meaning)
                continue;
            var (weight, meaning) = pair switch
            {
                { Old: null, New.IsRequired: true } => (
                    Weight.Act,
                    "required: it must be set before the new release starts"
                ),
                { Old: null } => (Weight.Know, "optional"),
                { New: null } => (Weight.Know, "not read any more"),
                { Old.IsRequired: false, New.IsRequired: true } => (
                    Weight.Act,
                    "required now: it must be set before the new release starts"
                ),
                { Old.IsRequired: true, New.IsRequired: true } => (Weight.Know, (string?)null),
                { Old.IsRequired: true } => (Weight.Know, "optional now"),
                _ => (Weight.Know, "another default"),
            };
            if (meaning is null)
                continue;
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Environment,
                Kind =
                    pair.Old is null ? ChangeKind.Added
                    : pair.New is null ? ChangeKind.Removed
                    : ChangeKind.Changed,
                Name = pair.Name,
                Old = pair.Old?.Default,
                New = pair.New?.Default,
                Weight = weight,
                Meaning = meaning,
                Place = (pair.New ?? pair.Old)!.Place,
            };
        }
    }

    // A variable that has a default anywhere has one.
    private static IEnumerable<EnvironmentFact> Ordered(ReleaseFacts release) =>
        release.Environment.OrderBy(variable => variable.IsRequired);
}
