using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>Each step in full: what it changed, before and after, and all that happened to it.</summary>
internal static class ChangesSection
{
    public static Section? Of(RunRecord run)
    {
        var steps = run.Leaves()
            .Where(node => run.EventsOf(node.Id).Count > 0)
            .Select(node => Step(run, node))
            .ToImmutableArray<Block>();
        return steps.IsEmpty ? null : new Section("details", "Each step in full", steps);
    }

    private static Block.Folded Step(RunRecord run, RunNode node) =>
        new()
        {
            Anchor = run.AnchorOf(node.Id),
            Title = node.Title,
            Mark = Say.State(node),
            Blocks =
            [
                new Block.Words(About(node)),
                .. StepTables.Of(node).Where(table => !table.Rows.IsEmpty).Select(table => new Block.Rows(table)),
                new Block.Rows(StepHistory.Of(run, node.Id)),
            ],
        };

    private static string About(RunNode node)
    {
        var known = node.Reading!;
        string?[] sentences =
        [
            $"Step {node.Id}.",
            known.Intent is { } change
                ? $"Operation {change.Operation}; taken back: {Say.Reversal(change.Reversal).Text}{From(change.Restore)}."
            : node.Item is CheckItem check ? $"Check {check.Operation}."
            : null,
            known.AlreadyDone ? "It was done before the run; rollback leaves it alone." : null,
            known.Adopted ? "After a crash it was found done, and adopted." : null,
            node.Item is ConfirmItem manual ? $"Instructions: {manual.Instructions}" : null,
        ];
        return string.Join(" ", sentences.OfType<string>());
    }

    private static string From(string? backup) => backup is null ? "" : $" from {backup}";
}
