namespace Belay.Domain.Readings;

/// <summary>The states of steps as people read them, on the screen and in the report.</summary>
public static class StateWords
{
    /// <summary>A state in words: <c>under way</c>, <c>in doubt</c>, <c>taken back</c>.</summary>
    public static string InWords(this StepState state) =>
        state switch
        {
            StepState.Waiting => "not begun",
            StepState.Running => "under way",
            StepState.Done => "done",
            StepState.Failed => "failed",
            StepState.InDoubt => "in doubt",
            StepState.Undoing => "being taken back",
            StepState.Undone => "taken back",
            StepState.UndoFailed => "taking back failed",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
}
