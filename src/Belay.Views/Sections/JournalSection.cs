using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>From what the report was made, so that it can be proven.</summary>
internal static class JournalSection
{
    public static Section Of(RunRecord run)
    {
        var last = run.Entries[^1];
        ImmutableArray<Block> blocks =
        [
            new Block.Words(
                $"Every fact above stands in the journal of run {run.Reading.Run}: {Say.Count(run.Entries.Count, "event")}, "
                    + "each one chained to the one before. Whoever holds the journal can check that it ends in the hash below."
            ),
            new Block.Rows(
                new Table
                {
                    Caption = "The chain",
                    Columns = ["What", "Value"],
                    Rows =
                    [
                        ["First event", run.Entries[0].Hash],
                        ["Last event", $"{Say.Number(last.Sequence)}, {Say.Time(last.At)}"],
                        ["Last hash", last.Hash],
                        ["Fencing number", Say.Number(last.Fence)],
                    ],
                }
            ),
        ];
        return new Section("journal", "The journal", run.Plan.Files.IsEmpty ? blocks : [.. blocks, Files(run.Plan)]);
    }

    private static Block.Rows Files(Plan plan) =>
        new(
            new Table
            {
                Caption = "Files that the plan uses",
                Columns = ["File", "SHA-256"],
                Rows = [.. plan.Files.Select<PlanFile, ImmutableArray<Cell>>(file => [file.Path, file.Sha256])],
            }
        );
}
