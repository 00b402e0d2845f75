using Belay.Domain.Journal;

namespace Kills;

/// <summary>The step that a journal shows as begun and not ended since a place in it.</summary>
/// <param name="Step">The step.</param>
/// <param name="IsUndo">It is being undone.</param>
/// <param name="HasBegun">The journal itself shows that the work is under way: a child, or progress.</param>
internal sealed record OpenStep(string Step, bool IsUndo, bool HasBegun)
{
    /// <returns>The open step; null when none is.</returns>
    public static OpenStep? In(IEnumerable<JournalEntry> entries) =>
        entries.Aggregate((OpenStep?)null, (open, entry) => Next(open, entry.Event));

    private static OpenStep? Next(OpenStep? open, JournalEvent happened) =>
        happened switch
        {
            Intent intent => new OpenStep(intent.Step, IsUndo: false, HasBegun: false),
            UndoIntent undo => new OpenStep(undo.Step, IsUndo: true, HasBegun: false),
            ChildStarted or Progressed => open is null ? null : open with { HasBegun = true },
            StepDone or StepFailed or StepInDoubt or StepUndone or UndoFailed => null,
            _ => open,
        };
}
