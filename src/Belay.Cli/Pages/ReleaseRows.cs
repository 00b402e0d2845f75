using System.Collections.Immutable;
using Belay.Releases.Comparing;
using Belay.Views.Reports;

namespace Belay.Cli.Pages;

/// <summary>Differences between releases as rows of a page.</summary>
internal static class ReleaseRows
{
    public static string Heading(ReleaseArea area) =>
        area switch
        {
            ReleaseArea.Charts => "Charts",
            ReleaseArea.Images => "Images",
            ReleaseArea.Values => "Values",
            ReleaseArea.Variables => "Variables of the infrastructure",
            ReleaseArea.Resources => "Resources",
            ReleaseArea.Environment => "Environment variables",
            ReleaseArea.Migrations => "Migrations",
            ReleaseArea.Tools => "Tools",
            ReleaseArea.Changelog => "Changelog",
            _ => throw new ArgumentOutOfRangeException(nameof(area)),
        };

    public static string Word(ChangeKind kind) =>
        kind switch
        {
            ChangeKind.Added => "new",
            ChangeKind.Removed => "gone",
            ChangeKind.Renamed => "renamed",
            ChangeKind.Changed => "changed",
            ChangeKind.Same => "as before",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>What the two releases have, in a cell.</summary>
    public static string Values(ReleaseChange change) =>
        change switch
        {
            { Old: { } old, New: { } now } => $"{old} -> {now}",
            { Old: { } old } => change.Kind == ChangeKind.Renamed ? $"was {old}" : old,
            _ => change.New ?? "",
        };

    public static Tone ToneOf(Weight weight) =>
        weight switch
        {
            Weight.Act => Tone.Bad,
            Weight.Look => Tone.Waiting,
            _ => Tone.Plain,
        };

    /// <summary>A table of changes; of more than there is room for, it says how many are left out.</summary>
    public static Block.Rows Table(string caption, IReadOnlyCollection<ReleaseChange> changes, int most = int.MaxValue)
    {
        var rows = changes.Take(most).Select(Row).ToList();
        if (changes.Count > most)
            rows.Add([$"and {changes.Count - most} more", "", "", "see belay release diff", ""]);
        return new Block.Rows(
            new Table
            {
                Caption = caption,
                Columns = ["What", "", "Old and new", "What it means", "Where"],
                Rows = [.. rows],
            }
        );
    }

    private static ImmutableArray<Cell> Row(ReleaseChange change) =>
        [
            change.Name,
            Word(change.Kind),
            Values(change),
            new Cell(change.Meaning ?? "", ToneOf(change.Weight)),
            change.Place,
        ];
}
