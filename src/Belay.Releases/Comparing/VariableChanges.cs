using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Variables that the infrastructure declares.</summary>
internal static class VariableChanges
{
    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now)
    {
        foreach (var pair in Pairing.Of(old.Variables, now.Variables, v => v.Name, v => $"{v.Type} {v.Default}"))
        {
            if (!pair.IsRenamed && pair is { Old: { } a, New: { } b } && a.Type == b.Type && a.Default == b.Default)
                continue;
            var (weight, meaning) = Judge(pair);
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Variables,
                Kind =
                    pair.IsRenamed ? ChangeKind.Renamed
                    : pair.Old is null ? ChangeKind.Added
                    : pair.New is null ? ChangeKind.Removed
                    : ChangeKind.Changed,
                Name = pair.Name,
                Old = pair.IsRenamed ? pair.Old!.Name : Words(pair.Old),
                New = Words(pair.New),
                Weight = weight,
                Meaning = meaning,
                Place = (pair.New ?? pair.Old)!.Place,
            };
        }
    }

    private static (Weight, string?) Judge(Pairing.Pair<VariableFact> pair) =>
        pair switch
        {
            { IsRenamed: true } => (Weight.Act, "by likeness: give your value under the new name"),
            { Old: null, New.Default: null } => (Weight.Act, "required: it must be given"),
            { Old: null } => (Weight.Know, "optional"),
            { New: null } => (Weight.Look, "no longer declared: take it out of your files"),
            { Old.Default: not null, New.Default: null } => (Weight.Act, "required now: it must be given"),
            var both when both.Old!.Type != both.New!.Type => (Weight.Act, "another type: your value must fit"),
            { Old.Default: null } => (Weight.Know, "optional now"),
            _ => (Weight.Know, "another default"),
        };

    private static string? Words(VariableFact? variable) =>
        variable is null ? null
        : variable.Default is null ? variable.Type ?? "any"
        : $"{variable.Type ?? "any"} = {variable.Default}";
}
