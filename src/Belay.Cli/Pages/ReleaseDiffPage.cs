using System.Collections.Immutable;
using Belay.Releases.Comparing;
using Belay.Views.Reports;

namespace Belay.Cli.Pages;

/// <summary>The page of what a new release means.</summary>
internal static class ReleaseDiffPage
{
    public static Report Of(ReleaseDiff diff)
    {
        var (act, look) = (Count(diff, Weight.Act), Count(diff, Weight.Look));
        return new Report
        {
            Kind = "New release",
            Title = $"{diff.Old} to {diff.New}",
            Status = act > 0 ? $"{act} to do" : "nothing that must be done",
            Tone = act > 0 ? Tone.Bad : Tone.Good,
            Lead = $"{diff.Changes.Length} differences: {act} need something done, {look} a look.",
            Sections =
            [
                .. diff
                    .Changes.GroupBy(change => change.Area)
                    .Select(area => new Section(
                        area.Key.ToString().ToLowerInvariant(),
                        ReleaseRows.Heading(area.Key),
                        [ReleaseRows.Table(ReleaseRows.Heading(area.Key), [.. area.OrderByDescending(c => c.Weight)])]
                    )),
                .. Notices(diff),
            ],
        };
    }

    /// <summary>What was left out, and what seems to be missing; none when there is nothing to say.</summary>
    public static IEnumerable<Section> Notices(ReleaseDiff diff)
    {
        if (!diff.Notices.IsEmpty)
            yield return new Section(
                "notices",
                "Not read, or missing",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "What this page does not know",
                            Columns = ["Where", "Why"],
                            Rows =
                            [
                                .. diff.Notices.Select(n =>
                                    ImmutableArray.Create<Cell>(
                                        n.File,
                                        n.Hint is null ? n.Message : $"{n.Message}; {n.Hint}"
                                    )
                                ),
                            ],
                        }
                    ),
                ]
            );
    }

    private static int Count(ReleaseDiff diff, Weight weight) => diff.Changes.Count(change => change.Weight == weight);
}
