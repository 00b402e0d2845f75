using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Rollback;

/// <summary>Takes single changes back, each verified by observation. Works from the journaled intents alone, never from the plan file.</summary>
internal sealed class UndoRunner(RunContext run)
{
    /// <summary>How long an undo may take, retries included.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>Undoes a step, if anything of it may stand.</summary>
    /// <returns>True when nothing of it stands any more; false when the course stopped.</returns>
    public Task<bool> UndoStepAsync(string step, Course course) => UndoStepAsync(step, course, isCondition: false);

    /// <summary>Ends a freeze or a hold by undoing its change. A halt that is asked for meanwhile does not cut it short.</summary>
    /// <inheritdoc cref="UndoStepAsync(string, Course)"/>
    public Task<bool> EndConditionAsync(string step, Course course) => UndoStepAsync(step, course, isCondition: true);

    private async Task<bool> UndoStepAsync(string step, Course course, bool isCondition)
    {
        if (run.Recorder.Find(step) is not { HasEffect: true, Intent: { } intent } known)
            return true;
        try
        {
            await using var change = Create(intent);
            var before = run.Sealing.Unseal(intent.Before);
            var after = run.Sealing.Unseal(known.After);
            await run.Recorder.RecordAsync(new UndoIntent { Step = step });
            if (!run.Lease.StillHeld)
                return course.Fail(
                    HaltCause.LeaseLost,
                    "the environment's lease was lost: another Belay may be at work on it",
                    step
                );
            return await UndoAsync(step, change, before, after, course, isCondition);
        }
        catch (Exception e) when (e is not JournalException)
        {
            return await FailAsync(step, Failures.Typed(e).Message, course);
        }
    }

    /// <summary>Undoes all steps of one member of a loop, the last one first. What another loop did for a member of the same name stands.</summary>
    public async Task<bool> UndoMemberAsync(EachItem loop, string suffix, Course course)
    {
        var own = (run.Plan with { Steps = [loop] }).AllItems().Select(item => item.Id);
        var others = run.Plan.AllItems().Select(item => item.Id).Except(own, StringComparer.Ordinal).ToHashSet();
        var steps = run.Recorder.Read(reading =>
            reading
                .Steps.Values.Where(known =>
                    known.HasEffect && IsOf(known.Id, suffix) && !others.Contains(known.Id.Split('@')[0])
                )
                .OrderByDescending(known => known.Order)
                .ToArray()
        );
        foreach (var known in steps)
        {
            if (known.Intent!.Reversal != Reversal.Exact)
                return await FailAsync(
                    known.Id,
                    $"it cannot be undone by itself: its reversal is '{known.Intent.Reversal}'",
                    course
                );
            if (!await UndoStepAsync(known.Id, course))
                return false;
        }
        return true;
    }

    /// <summary>The operation as it was when its intent was journaled.</summary>
    public BoundChange Create(Intent intent) =>
        run.Catalog.Find(intent.Operation) is ChangeDefinition definition
            ? definition.Create(run.Sealing.Unseal(intent.Inputs), run.ScopeOf(intent.Step))
            : throw OperationException.Refused($"there is no change '{intent.Operation}' in this version of Belay");

    private static bool IsOf(string id, string suffix)
    {
        var own = id.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? id[at..] : "";
        return own == suffix || own.StartsWith(suffix + "@", StringComparison.Ordinal);
    }

    private async Task<bool> UndoAsync(
        string step,
        BoundChange change,
        JsonElement before,
        JsonElement? after,
        Course course,
        bool isCondition
    )
    {
        // An undo that is the answer to a failure (a member set aside) is not cut short by that failure.
        using var calm = Course.Root();
        var under = isCondition || course.Failure is not null ? calm : course;
        var attempts = new Attempts(run, under, Limit);
        while (
            await Effect.RunAsync(run, under, step, attempts.Left, ct => change.UndoAsync(before, after, ct))
                is { } failure
        )
        {
            run.Recorder.Note(new AttemptFailed { Step = step, Why = failure.Message });
            // Undo is safe to repeat: whatever the outcome was, trying again is right while there is time. A refusal stays one.
            if (failure.Kind == FailureKind.Refused || !await attempts.PauseAsync(CancellationToken.None))
                return await FailAsync(step, failure.Message, course);
            if (under.Failure is not null)
                return false;
        }
        var observed = await attempts.UntilAnsweredAsync(change.ObserveAsync);
        if (!change.Same(before, observed))
            return await FailAsync(
                step,
                "it was undone without an error, but the target is not as it was before",
                course
            );
        await run.Recorder.RecordAsync(new StepUndone { Step = step, Observed = run.Sealing.Seal(observed) });
        return true;
    }

    private async Task<bool> FailAsync(string step, string why, Course course)
    {
        await run.Recorder.RecordAsync(new UndoFailed { Step = step, Why = why });
        return course.Fail(HaltCause.UndoFailed, why, step);
    }
}
