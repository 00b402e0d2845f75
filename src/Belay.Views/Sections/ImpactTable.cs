using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>What users may notice, as the plan's author accepted it.</summary>
internal static class ImpactTable
{
    /// <summary>The table; nothing when no step has an impact.</summary>
    public static IEnumerable<Block> Of(Plan plan)
    {
        ImmutableArray<ImmutableArray<Cell>> rows =
        [
            .. from item in plan.AllItems()
            let impact = item.Impact
            where impact is not null
            select ImmutableArray.Create<Cell>(item.Title, impact.Route, Say.Span(impact.AtMost), impact.Reason),
        ];
        if (!rows.IsEmpty)
            yield return new Block.Rows(
                new Table
                {
                    Caption = "What users may notice, accepted beforehand",
                    Columns = ["Step", "Route", "At most", "Reason"],
                    Rows = rows,
                }
            );
    }
}
