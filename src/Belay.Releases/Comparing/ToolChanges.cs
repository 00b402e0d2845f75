using Belay.Domain.Versions;
using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Versions of tools: what the release demands against what is installed.</summary>
internal static class ToolChanges
{
    public static IEnumerable<ReleaseChange> Of(
        ReleaseFacts old,
        ReleaseFacts now,
        IReadOnlyDictionary<string, string?> installed
    )
    {
        foreach (var pair in Pairing.Of(old.Tools, now.Tools, tool => tool.Tool))
        {
            var problem = pair.New is { } tool ? Problem(tool, installed) : null;
            if (pair.Old?.Range == pair.New?.Range && problem is null)
                continue;
            yield return new ReleaseChange
            {
                Area = ReleaseArea.Tools,
                Kind =
                    pair.Old is null ? ChangeKind.Added
                    : pair.New is null ? ChangeKind.Removed
                    : pair.Old.Range == pair.New.Range ? ChangeKind.Same
                    : ChangeKind.Changed,
                Name = pair.Name,
                Old = pair.Old?.Range,
                New = pair.New?.Range,
                Weight = problem?.Weight ?? Weight.Know,
                Meaning = problem?.Words,
                Place = (pair.New ?? pair.Old)!.Place,
            };
        }
    }

    private static (Weight Weight, string Words)? Problem(ToolFact tool, IReadOnlyDictionary<string, string?> installed)
    {
        if (!installed.TryGetValue(tool.Tool, out var version))
            return (Weight.Look, "what is installed was not asked");
        if (version is null)
            return (Weight.Act, "not installed here, or it does not say its version");
        if (VersionRange.TryParse(tool.Range) is not { } range || VersionNumber.TryParse(version) is not { } number)
            return (Weight.Look, $"{version} is installed; whether that will do cannot be told");
        return range.Holds(number) ? null : (Weight.Act, $"{version} is installed, which will not do");
    }
}
