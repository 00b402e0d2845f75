using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Views.Reports;
using Belay.Views.Values;

namespace Belay.Views.PlanPages;

/// <summary>The steps of a plan in their order, numbered as a page would number them.</summary>
internal sealed class StepRows(PlanFacts facts)
{
    private readonly ILookup<string, BoundaryLine> boundary = facts.Boundary.ToLookup(
        line => line.Step,
        StringComparer.Ordinal
    );

    public static Section Of(PlanFacts facts)
    {
        var steps = new StepRows(facts);
        var numbered = Numbered(facts.Plan.Steps, "", 0).ToImmutableArray();
        return new Section(
            "steps",
            "Steps",
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "What happens, in this order",
                        Columns = ["No.", "Step", "What happens", "Taken back", "Usually takes"],
                        Rows = [.. numbered.Select(steps.Row)],
                    }
                ),
                .. numbered.Select(steps.Inputs).OfType<Block>(),
            ]
        );
    }

    private static IEnumerable<(string Number, Item Item, int Depth)> Numbered(
        ImmutableArray<Item> items,
        string prefix,
        int depth
    )
    {
        foreach (var (index, item) in items.Index())
        {
            var number = $"{prefix}{index + 1}";
            yield return (number, item, depth);
            foreach (var inner in Numbered(item.Children, $"{number}.", depth + 1))
                yield return inner;
        }
    }

    private ImmutableArray<Cell> Row((string Number, Item Item, int Depth) step) =>
        [
            step.Number,
            new Cell(step.Item.Title)
            {
                Depth = step.Depth,
                Target = InputsOf(step.Item) is null ? null : Anchor(step.Number),
            },
            ItemWords.Of(step.Item, facts.Catalog),
            TakenBack(step.Item),
            Time(step.Item),
        ];

    private Cell TakenBack(Item item) =>
        boundary[item.Id].FirstOrDefault() is { } line
            ? Say.Reversal(line.Reversal) with
            {
                Text = line.Reversal switch
                {
                    Reversal.Never => "never",
                    Reversal.Restore => "by a restore",
                    _ => "exactly",
                },
            }
            : "";

    private Cell Time(Item item) =>
        item is SoakItem { Time: { } time } ? Say.Span(time)
        : StepTimes.OperationOf(item) is { } operation
        && facts.Measured.Find(item.Id, operation) is { Expected: var spread }
            ? $"{Say.Span(spread.P50)}, at most {Say.Span(spread.P90)} ({Say.Count(spread.Samples, "time")} measured)"
        : "";

    private Block.Folded? Inputs((string Number, Item Item, int Depth) step)
    {
        var leaves = InputsOf(step.Item) is { } inputs ? JsonLeaves.Of(inputs) : [];
        return leaves.IsEmpty
            ? null
            : new Block.Folded
            {
                Anchor = Anchor(step.Number),
                Title = $"{step.Number} {step.Item.Title}",
                Mark = facts.Plan.Sources.GetValueOrDefault(step.Item.Id)?.ToString() ?? step.Item.Id,
                Blocks =
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "With",
                            Columns = ["Input", "Value"],
                            Rows = [.. leaves.Select(leaf => ImmutableArray.Create<Cell>(leaf.Path, leaf.Value))],
                        }
                    ),
                ],
            };
    }

    private static System.Text.Json.JsonElement? InputsOf(Item item) =>
        item switch
        {
            DoItem change => change.With,
            CheckItem check => check.With,
            DuringItem during => during.Condition.With,
            _ => null,
        };

    private static string Anchor(string number) => $"step-{number.Replace('.', '-')}";
}
