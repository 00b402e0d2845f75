using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using Belay.Views.Reports;
using Belay.Views.Values;

namespace Belay.Views.Sections;

/// <summary>The numbers that checks observed last, but for those of comparisons, which have a section of their own.</summary>
internal static class MeasuredSection
{
    /// <summary>What has more numbers than this is a document, not a measurement; it stands with its step.</summary>
    private const int MostValues = 24;

    public static Section? Of(RunRecord run)
    {
        var rows = run.Leaves()
            .Where(node => node.Item is CheckItem && StoreComparison.In(node.Reading?.After) is null)
            .SelectMany(node =>
            {
                var numbers = JsonLeaves.Of(node.Reading?.After).Where(leaf => leaf.IsNumber).ToArray();
                return numbers.Length > MostValues
                    ? []
                    : numbers.Select<Leaf, ImmutableArray<Cell>>(leaf =>
                        [
                            new Cell(node.Title) { Target = run.AnchorOf(node.Id) },
                            leaf.Path.Length == 0 ? "value" : leaf.Path,
                            leaf.Value,
                        ]
                    );
            })
            .ToImmutableArray();
        return rows.IsEmpty
            ? null
            : new Section(
                "measured",
                "What was measured",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "What each check observed last",
                            Columns = ["Check", "What", "Value"],
                            Rows = rows,
                        }
                    ),
                ]
            );
    }
}
