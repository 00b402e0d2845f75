using System.Collections.Immutable;
using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Compares two releases by what they mean. Pure.</summary>
public static class ReleaseComparison
{
    /// <param name="old">The old release.</param>
    /// <param name="now">The new release.</param>
    /// <param name="installed">Versions of tools that are installed, by the names of <see cref="ToolFact.Tool"/>; a tool that is not in it was not asked.</param>
    public static ReleaseDiff Compare(
        ReleaseFacts old,
        ReleaseFacts now,
        IReadOnlyDictionary<string, string?> installed
    ) =>
        new()
        {
            Old = old.Folder,
            New = now.Folder,
            Changes =
            [
                .. ChartChanges.Of(old, now),
                .. ImageChanges.Of(old, now),
                .. ValueChanges.Of(old, now),
                .. VariableChanges.Of(old, now),
                .. ResourceChanges.Of(old, now),
                .. EnvironmentChanges.Of(old, now),
                .. MigrationChanges.Of(old, now),
                .. ToolChanges.Of(old, now, installed),
                .. ChangelogChanges.Of(old, now),
            ],
            Notices =
            [
                .. old.Notices.Select(notice => notice with { File = Path.Combine(old.Folder, notice.File) }),
                .. now.Notices.Select(notice => notice with { File = Path.Combine(now.Folder, notice.File) }),
                .. Halves(old, now),
            ],
        };

    // A release that lost a whole kind of things was perhaps copied in part.
    private static IEnumerable<ReleaseProblem> Halves(ReleaseFacts old, ReleaseFacts now)
    {
        (string What, bool Old, bool New)[] kinds =
        [
            ("charts", !old.Charts.IsEmpty, !now.Charts.IsEmpty),
            ("images", !old.Images.IsEmpty, !now.Images.IsEmpty),
            ("values", !old.Settings.IsEmpty, !now.Settings.IsEmpty),
            (
                "infrastructure",
                !old.Variables.IsEmpty || !old.Resources.IsEmpty,
                !now.Variables.IsEmpty || !now.Resources.IsEmpty
            ),
            ("environment variables", !old.Environment.IsEmpty, !now.Environment.IsEmpty),
            ("migrations", !old.Migrations.IsEmpty, !now.Migrations.IsEmpty),
            ("a changelog", !old.Changelog.IsEmpty, !now.Changelog.IsEmpty),
        ];
        return from kind in kinds
            where kind.Old != kind.New
            select new ReleaseProblem(
                kind.Old ? now.Folder : old.Folder,
                1,
                1,
                $"has no {kind.What.Replace("a ", "", StringComparison.Ordinal)}, and {(kind.Old ? old.Folder : now.Folder)} has",
                "is the folder whole?"
            );
    }
}
