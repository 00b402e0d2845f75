using Belay.Domain.Readings;

namespace Belay.Cli.Status;

/// <summary>The states of steps as people read them.</summary>
internal static class StateWords
{
    public static string Of(StepState state) =>
        state switch
        {
            StepState.Waiting => "waiting",
            StepState.Running => "running",
            StepState.Done => "done",
            StepState.Failed => "failed",
            StepState.InDoubt => "in doubt",
            StepState.Undoing => "being taken back",
            StepState.Undone => "taken back",
            StepState.UndoFailed => "taking back failed",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
}
