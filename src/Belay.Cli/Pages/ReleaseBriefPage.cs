using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Releases.Comparing;
using Belay.Views.Reports;

namespace Belay.Cli.Pages;

/// <summary>One page about a release for the person on duty.</summary>
internal static class ReleaseBriefPage
{
    /// <summary>More rows than this are counted, so that it stays one page.</summary>
    private const int Most = 12;

    public static Report Of(BriefFacts facts)
    {
        var final = Final(facts).ToArray();
        return new Report
        {
            Kind = "Release brief",
            Title = $"{facts.Diff.Old} to {facts.Diff.New}",
            Status = facts.Questions.IsEmpty ? "nothing is open" : $"{facts.Questions.Length} questions",
            Tone = facts.Questions.IsEmpty ? Tone.Good : Tone.Bad,
            Lead = Lead(facts, final.Length),
            Sections =
            [
                new Section("changes", "What changes", [Areas(facts.Diff)]),
                new Section("hands", "What must be done by hand", Hands(facts)),
                new Section("final", "What cannot be taken back", [Words("Without loss, or at all", final)]),
                new Section("check", "What to check", Checks(facts)),
                new Section("time", "How long it takes", [new Block.Words(Time(facts.Plan))]),
                new Section("questions", "What only a person can answer", [Words("Questions", facts.Questions)]),
                .. ReleaseDiffPage.Notices(facts.Diff),
            ],
        };
    }

    private static string Lead(BriefFacts facts, int final) =>
        $"{facts.Diff.Changes.Length} differences. "
        + (
            final == 0
                ? "Nothing was found that cannot be taken back. "
                : $"{final} cannot be taken back without loss. "
        )
        + (
            facts.Plan is null
                ? "There is no plan yet."
                : $"Plan: {facts.Plan.Plan.Upgrade} on {facts.Plan.Plan.Environment}."
        );

    private static Block.Rows Areas(ReleaseDiff diff) =>
        new(
            new Table
            {
                Caption = "By area",
                Columns = ["Area", "Differences", "What"],
                Rows =
                [
                    .. diff
                        .Changes.GroupBy(change => change.Area)
                        .Select(area =>
                            ImmutableArray.Create<Cell>(
                                ReleaseRows.Heading(area.Key),
                                string.Join(
                                    ", ",
                                    area.GroupBy(c => c.Kind).Select(k => $"{k.Count()} {ReleaseRows.Word(k.Key)}")
                                ),
                                Named(area)
                            )
                        ),
                ],
            }
        );

    private static string Named(IGrouping<ReleaseArea, ReleaseChange> area)
    {
        const int few = 4;
        var names = area.OrderByDescending(change => change.Weight)
            .Select(change =>
                area.Key == ReleaseArea.Images ? $"{change.Name} {ReleaseRows.Values(change)}" : change.Name
            )
            .Distinct()
            .ToArray();
        return string.Join(", ", names.Take(few)) + (names.Length > few ? $" and {names.Length - few} more" : "");
    }

    private static ImmutableArray<Block> Hands(BriefFacts facts)
    {
        var act = facts.Diff.Changes.Where(change => change.Weight == Weight.Act).ToArray();
        string[] others =
        [
            .. from merge in facts.Merges
            from conflict in merge.Conflicts
            select $"{merge.File}: settle {conflict.Key} (belay release merge)",
            .. from merge in facts.Merges from left in merge.Placeholders select $"{merge.File}: fill in {left.Key}",
            .. facts
                .Plan?.Plan.AllItems()
                .OfType<ConfirmItem>()
                .Select(item => $"{item.Title}: {item.Instructions.TrimEnd()}")
                ?? [],
        ];
        return act.Length == 0 && others.Length == 0 ? [new Block.Words("Nothing was found.")]
            : act.Length == 0 ? [Words("In files, and in the plan", others)]
            : others.Length == 0 ? [ReleaseRows.Table("Before or during the upgrade", act, Most)]
            :
            [
                ReleaseRows.Table("Before or during the upgrade", act, Most),
                Words("In files, and in the plan", others),
            ];
    }

    private static IEnumerable<string> Final(BriefFacts facts) =>
        facts
            .Diff.Changes.Where(change => change.IsFinal)
            .Select(change => $"{change.Name}: {change.Meaning}")
            .Concat(
                from line in facts.Plan?.Boundary ?? []
                where line.Reversal != Reversal.Exact
                select $"{line.Title}: {line.Cost}" + (line.IsBoundary ? " (the boundary lies before it)" : "")
            );

    private static ImmutableArray<Block> Checks(BriefFacts facts)
    {
        var look = facts.Diff.Changes.Where(change => change.Weight == Weight.Look).ToArray();
        string[] planned =
        [
            .. facts.Plan?.Plan.Watches.Select(watch => $"watch {watch.Name}, all through the run") ?? [],
            .. facts.Plan?.Plan.AllItems().OfType<CheckItem>().Select(check => check.Title) ?? [],
        ];
        Block first =
            look.Length == 0
                ? new Block.Words("Nothing in the release asks for a look.")
                : ReleaseRows.Table("What the release asks to look at", look, Most);
        return planned.Length == 0 ? [first] : [first, Words("What the plan checks by itself", planned)];
    }

    private static string Time(BriefPlan? plan) =>
        plan is null ? "There is no plan, so there are no earlier runs to go by."
        : plan.Time.Most == TimeSpan.Zero ? "Nothing was measured in earlier runs."
        : $"About {Duration.Rounded(plan.Time.Typical)} by earlier runs, {Duration.Rounded(plan.Time.Most)} if everything is slow."
            + (
                plan.Time.IsWhole
                    ? ""
                    : $" Not in that: {string.Join(", ", plan.Time.Unmeasured.Concat(plan.Time.OpenEnded))}."
            );

    private static Block Words(string caption, IReadOnlyCollection<string> lines) =>
        lines.Count == 0
            ? new Block.Words("Nothing was found.")
            : new Block.Rows(
                new Table
                {
                    Caption = caption,
                    Columns = [caption],
                    Rows =
                    [
                        .. lines.Take(Most).Select(line => ImmutableArray.Create<Cell>(line)),
                        .. lines.Count > Most
                            ? [ImmutableArray.Create<Cell>($"and {lines.Count - Most} more")]
                            : Array.Empty<ImmutableArray<Cell>>(),
                    ],
                }
            );
}
