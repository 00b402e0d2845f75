using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Engine.Running;

/// <summary>Runs a group under a condition. A freeze ends with the group, with any halt, and at its deadline, which a watchdog keeps too; a hold ends with the group or by a rollback.</summary>
internal sealed class DuringRunner(RunContext run, Walker walker, ChangeRunner changes, UndoRunner undo)
{
    /// <summary>The most that is kept of a freeze's time for its thaw.</summary>
    private static readonly TimeSpan LongestThaw = TimeSpan.FromSeconds(5);

    /// <returns>True when the group is done and the condition has ended; false when the course stopped.</returns>
    public async Task<bool> RunAsync(DuringItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return await walker.PassAsync(item.Steps, course);
        if (!(item.Mode == DuringMode.Freeze ? await FrozenAsync(item, step, course) : await HeldAsync(item, course)))
            return false;
        await run.Recorder.RecordAsync(new StepDone { Step = step });
        return true;
    }

    private async Task<bool> HeldAsync(DuringItem item, Course course) =>
        await changes.RunAsync(item.Condition, course)
        && await walker.SequenceAsync(item.Steps, course)
        && await EndAsync(item, course);

    private async Task<bool> FrozenAsync(DuringItem item, string step, Course course)
    {
        var limit = item.AtMost ?? TimeSpan.Zero;
        if (!await ArmAsync(item, step, limit, course))
            return false;
        var done = await GroupAsync(item, step, limit, course);
        // Whatever came of the group: nothing stays frozen.
        return await EndAsync(item, course) && done;
    }

    private async Task<bool> GroupAsync(DuringItem item, string step, TimeSpan limit, Course course)
    {
        using var over = new CancellationTokenSource(limit - ThawTime(limit), run.Clock);
        await using var deadline = over.Token.Register(() =>
            course.FailAtOnce(
                HaltCause.StepFailed,
                $"the freeze reached its deadline of {Duration.Format(limit)}",
                step
            )
        );
        return await changes.RunAsync(item.Condition, course) && await walker.SequenceAsync(item.Steps, course);
    }

    private async Task<bool> ArmAsync(DuringItem item, string step, TimeSpan limit, Course course)
    {
        try
        {
            await run.Parts.Watchdogs.ArmAsync(run.Run, course.IdOf(item.Condition.Id), limit, course.Stopping);
            return true;
        }
        catch (Exception e) when (e is OperationException or OperationCanceledException)
        {
            return course.Fail(
                HaltCause.StepFailed,
                $"nothing was frozen: no watchdog could be armed that ends the freeze if Belay dies: {e.Message}",
                step
            );
        }
    }

    /// <summary>The thaw belongs to the time that a freeze may last.</summary>
    private static TimeSpan ThawTime(TimeSpan limit) => limit / 5 < LongestThaw ? limit / 5 : LongestThaw;

    private Task<bool> EndAsync(DuringItem item, Course course) =>
        undo.EndConditionAsync(course.IdOf(item.Condition.Id), course);
}
