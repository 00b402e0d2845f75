using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Lint;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Views.Reports;
using Belay.Views.Sections;

namespace Belay.Views.PlanPages;

/// <summary>Makes the page of a plan: what will happen, for a person who has never seen it.</summary>
internal static class PlanPageBuilder
{
    public static Report Build(PlanFacts facts)
    {
        var plan = facts.Plan;
        var refused = !facts.Judgement.Refusals.IsEmpty;
        return new Report
        {
            Kind = "Upgrade plan",
            Title = $"{plan.Upgrade} from {plan.From} to {plan.To}",
            Status = refused ? "lint refuses this plan" : "may run",
            Tone = refused ? Tone.Bad : Tone.Good,
            Lead = Lead(facts),
            Sections =
            [
                .. new[]
                {
                    Summary(facts),
                    People(plan),
                    StepRows.Of(facts),
                    Boundary(facts),
                    Watches(facts),
                    Findings(facts.Judgement),
                }.OfType<Section>(),
            ],
        };
    }

    private static string Lead(PlanFacts facts)
    {
        var changes = facts.Boundary.Count;
        var last = facts.Boundary.FirstOrDefault(line => line.IsBoundary);
        var back =
            changes == 0 ? "It changes nothing."
            : last is not null ? $"Until '{last.Title}' it can be taken back; from there on not without loss."
            : facts.Boundary.Max(line => line.Reversal) == Reversal.Restore
                ? "All of it can be taken back, some of it only by a restore."
            : "All of it can be taken back exactly.";
        return $"{Say.Count(changes, "change")} on {facts.Plan.Environment}. {back}";
    }

    private static Section Summary(PlanFacts facts)
    {
        var (plan, time) = (facts.Plan, Forecast.Of(facts.Plan, facts.Measured));
        return new Section(
            "summary",
            "Summary",
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "The plan",
                        Columns = ["What", "Value"],
                        Rows =
                        [
                            ["Upgrade", plan.Upgrade],
                            ["Releases", $"{plan.From} to {plan.To}"],
                            ["Environment", plan.Environment],
                            ["Time", Time(time)],
                            ["Not in that time", string.Join(", ", time.Unmeasured.Concat(time.OpenEnded))],
                            ["Plan hash", PlanJson.Hash(plan)],
                            .. plan.LeftOut.Select(left =>
                                ImmutableArray.Create<Cell>($"Left out: {left.Id}", left.Why)
                            ),
                        ],
                    }
                ),
            ]
        );
    }

    private static string Time(Forecast time) =>
        time.Most == TimeSpan.Zero
            ? "nothing was measured in earlier runs"
            : $"about {Say.Span(time.Typical)}, {Say.Span(time.Most)} if everything is slow, by earlier runs";

    /// <summary>What only a person can do; null when the plan runs by itself.</summary>
    private static Section? People(Plan plan)
    {
        ImmutableArray<ImmutableArray<Cell>> rows =
        [
            .. plan.AllItems()
                .Select(item =>
                    item switch
                    {
                        ApproveItem approve => (ImmutableArray<Cell>?)
                            [
                                approve.Title,
                                approve.Count.ToString(CultureInfo.InvariantCulture) + " of " + approve.By,
                                "approves what the steps after it would change then",
                            ],
                        ConfirmItem confirm => [confirm.Title, confirm.By ?? "anybody", confirm.Instructions],
                        _ => null,
                    }
                )
                .OfType<ImmutableArray<Cell>>(),
        ];
        return rows.IsEmpty
            ? null
            : new Section(
                "people",
                "What people have to do",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "Where the run waits for a person",
                            Columns = ["Step", "Who", "What"],
                            Rows = rows,
                        }
                    ),
                ]
            );
    }

    private static Section? Boundary(PlanFacts facts)
    {
        if (facts.Boundary.Count == 0)
            return null;
        var table = new Block.Rows(
            new Table
            {
                Caption = "What going back to the start costs, once each change is done",
                Columns = ["Change", "Going back to the start from here"],
                Rows =
                [
                    .. facts.Boundary.Select(line =>
                        ImmutableArray.Create<Cell>(
                            line.Title,
                            new Cell(
                                line.IsBoundary ? $"{line.Cost} (the boundary lies before this change)" : line.Cost,
                                line.IsBoundary ? Tone.Bad : Tone.Plain
                            )
                        )
                    ),
                ],
            }
        );
        return new Section("boundary", "The boundary", [table, .. ImpactTable.Of(facts.Plan)]);
    }

    private static Section? Watches(PlanFacts facts) =>
        facts.Plan.Watches.IsEmpty
            ? null
            : new Section(
                "watches",
                "Watches",
                [
                    new Block.Words("They look on all through the run and stop it when they fail."),
                    new Block.Rows(
                        new Table
                        {
                            Caption = "What is watched",
                            Columns = ["Watch", "What", "Every", "Failures in a row that are tolerated"],
                            Rows =
                            [
                                .. facts.Plan.Watches.Select(watch =>
                                    ImmutableArray.Create<Cell>(
                                        watch.Name,
                                        facts.Catalog.Find(watch.Operation)?.Summary ?? watch.Operation,
                                        Duration.Format(watch.Every),
                                        Say.Number(watch.Tolerate)
                                    )
                                ),
                            ],
                        }
                    ),
                ]
            );

    private static Section? Findings(Judgement judgement)
    {
        ImmutableArray<ImmutableArray<Cell>> rows =
        [
            .. judgement.Findings.Select(finding =>
                ImmutableArray.Create<Cell>(
                    finding.Step,
                    new Cell(
                        finding.Severity == Severity.Error ? "refused" : "warning",
                        finding.Severity == Severity.Error ? Tone.Bad : Tone.Waiting
                    ),
                    $"{finding.Message}; {finding.Hint} [{finding.Code}]"
                )
            ),
            .. judgement.Accepted.Select(risk =>
                ImmutableArray.Create<Cell>(risk.Step, new Cell("accepted", Tone.Waiting), risk.ToString())
            ),
        ];
        return rows.IsEmpty
            ? null
            : new Section(
                "findings",
                "What lint says",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "Findings, and what people accepted",
                            Columns = ["Step", "What it means", "Finding"],
                            Rows = rows,
                        }
                    ),
                ]
            );
    }
}
