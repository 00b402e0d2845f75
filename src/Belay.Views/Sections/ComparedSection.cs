using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>What was compared in two stores, a table for each step that did; of a step that compared several times the last one.</summary>
internal static class ComparedSection
{
    /// <summary>What has more parts than this is cut; all of them stand in the journal.</summary>
    private const int MostParts = 200;
    private static readonly ImmutableArray<ImmutableArray<Cell>> NoRest = [];

    public static Section? Of(RunRecord run)
    {
        var tables = run.Leaves()
            .Select(node => (Node: node, Found: StoreComparison.In(node.Reading?.After)))
            .Where(step => step.Found is { Parts.IsEmpty: false })
            .Select(step => TableOf(run, step.Node, step.Found!))
            .ToImmutableArray<Block>();
        return tables.IsEmpty ? null : new Section("compared", "What was compared", tables);
    }

    private static Block.Rows TableOf(RunRecord run, RunNode node, StoreComparison found) =>
        new Block.Rows(
            new Table
            {
                Caption = $"{node.Title}: {found.From} and {found.To}",
                Columns = ["What", $"In {found.From}", $"In {found.To}", "Compared", "Different", "For example"],
                Rows =
                [
                    .. found.Parts.Take(MostParts).Select(part => Row(part, run.AnchorOf(node.Id))),
                    .. found.Parts.Length > MostParts ? [Rest(found.Parts.Length - MostParts)] : NoRest,
                ],
            }
        );

    private static ImmutableArray<Cell> Row(ComparedPart part, string? anchor) =>
        [
            new Cell(part.Name) { Target = anchor },
            $"{Say.Number(part.InFrom)} {part.Unit}",
            $"{Say.Number(part.InTo)} {part.Unit}",
            part.IsSample ? $"{Say.Number(part.Compared)}, a sample" : $"{Say.Number(part.Compared)}, all",
            new Cell(
                part.Differing == 0 ? "none" : Say.Number(part.Differing),
                part.Differing == 0 ? Tone.Good : Tone.Bad
            ),
            string.Join("; ", part.Examples),
        ];

    private static ImmutableArray<Cell> Rest(int count) =>
        [new Cell($"and {Say.Count(count, "more part")}, in the journal", Tone.Quiet), "", "", "", "", ""];
}
