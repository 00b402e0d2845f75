using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Engine.Running;

/// <summary>Runs a group under a condition. A freeze ends with the group, with any halt, and at its deadline; a hold ends with the group or by a rollback.</summary>
internal sealed class DuringRunner(RunContext run, Walker walker, ChangeRunner changes, UndoRunner undo)
{
    /// <returns>True when the group is done and the condition has ended; false when the course stopped.</returns>
    public async Task<bool> RunAsync(DuringItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        if (!await changes.RunAsync(item.Condition, course))
            return item.Mode == DuringMode.Freeze && await ThawAsync(item, course) && false;

        var done =
            item.Mode == DuringMode.Freeze
                ? await FrozenAsync(item, course)
                : await walker.SequenceAsync(item.Steps, course);
        var ended = (!done && item.Mode == DuringMode.Hold) || await ThawAsync(item, course);
        if (!done || !ended)
            return false;
        await run.Recorder.RecordAsync(new StepDone { Step = step });
        return true;
    }

    private async Task<bool> FrozenAsync(DuringItem item, Course course)
    {
        var limit = item.AtMost ?? TimeSpan.Zero;
        using var over = new CancellationTokenSource(limit, run.Clock);
        await using var deadline = over.Token.Register(() =>
            course.Fail(
                HaltCause.StepFailed,
                $"the freeze reached its deadline of {Domain.Json.Duration.Format(limit)}",
                course.IdOf(item.Id)
            )
        );
        return await walker.SequenceAsync(item.Steps, course);
    }

    private Task<bool> ThawAsync(DuringItem item, Course course) =>
        undo.UndoStepAsync(course.IdOf(item.Condition.Id), course);
}
