using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>How a session ends: with a reason that exists, or with all done.</summary>
internal static class Ends
{
    private static readonly HaltCause[] Beginnings =
    [
        HaltCause.StepFailed,
        HaltCause.CheckFailed,
        HaltCause.WatchFailed,
    ];

    // What has failed is known before the run ends; who asks to halt, or what is watched, may come too late.
    private static readonly HaltCause[] Certain =
    [
        HaltCause.StepFailed,
        HaltCause.CheckFailed,
        HaltCause.InDoubt,
        HaltCause.Drifted,
        HaltCause.UndoFailed,
        HaltCause.OtherSystem,
    ];

    public static void Before(Session session, JournalEvent happened)
    {
        switch (happened)
        {
            case RunHalted halted:
                Judge(session, halted.Cause, halted.Step, halted.Why);
                if (IsUntouched(session) && Beginnings.Contains(halted.Cause))
                    session.Accuse("nothing was changed, and the run is halted instead of failed");
                break;
            case RunFailed failed:
                Judge(session, failed.Cause, failed.Step, failed.Why);
                if (!IsUntouched(session) || !Beginnings.Contains(failed.Cause))
                    session.Accuse($"the run failed over {failed.Cause}, and something was changed");
                break;
            case RunDone when session.Forward is null:
            case RunRolledBack when session.Backward is null:
            case RunAbandoned when session.Order is not Order.Abandon:
                session.Accuse($"nobody asked for {happened.GetType().Name}");
                break;
            case RunDone or RunRolledBack or RunAbandoned:
                if (
                    session.Reasons.All.FirstOrDefault(reason =>
                        (reason.At < session.Now || Certain.Contains(reason.Cause))
                        && reason.Suffix.Length == 0
                        && (session.Forward is not null || reason.Cause != HaltCause.Asked)
                    ) is
                    { } open
                )
                    session.Accuse($"the run ended well, in spite of {open}");
                break;
            case StepResolved said:
                if (
                    session.Order is not Order.Resolve asked
                    || asked.Step != said.Step
                    || asked.Happened != said.Happened
                )
                    session.Accuse($"nobody said {said}");
                break;
        }
    }

    /// <summary>Whatever is told, a run that stopped is closed or halted.</summary>
    public static void After(Session session)
    {
        if (session.Order is Order.Resolve or Order.Thaw or Order.Other || session.Reading.Start is null)
            return;
        if (
            session.Reading.Status is RunStatus.Running or RunStatus.RollingBack
            && session.Reading.Sequence > 0
            && session.HasWritten
        )
            session.Accuse("the engine stopped, and the run is neither halted nor closed");
    }

    private static void Judge(Session session, HaltCause cause, string? step, string why)
    {
        var fitting = session
            .Reasons.All.Where(reason =>
                reason.Cause == cause && reason.Step == step && (reason.Why is null || reason.Why == why)
            )
            .ToArray();
        if (
            session.Backward?.Way.IsAtItsEnd(cause, step) == true
            || IsThaw(session, cause)
            || IsUnkillable(session, cause, step)
        )
            return;
        if (fitting.Length == 0)
        {
            session.Accuse(
                $"the run halts over {cause} of {step} ({why}), for which there is no reason; there were: {string.Join("; ", session.Reasons.All)}"
            );
            return;
        }
        var first = session
            .Reasons.All.Where(reason => reason.Suffix.Length == 0)
            .Select(reason => reason.At)
            .DefaultIfEmpty(long.MaxValue)
            .Min();
        if (fitting.All(reason => reason.At > first))
            session.Accuse($"the run halts over {cause} of {step}, and something else came first");
        if (fitting.All(reason => reason.Suffix.Length > 0 && !session.Forward!.Loops.MayHalt(reason)))
            session.Accuse($"the run halts over {cause} of {step}, and its loop tolerates that");
    }

    private static bool IsThaw(Session session, HaltCause cause) =>
        session.Order is Order.Thaw && cause == HaltCause.FreezeOverdue;

    private static bool IsUnkillable(Session session, HaltCause cause, string? step) =>
        cause == HaltCause.StepFailed && step is null && session.Children.HasOrphans;

    private static bool IsUntouched(Session session) =>
        session.Reading.Rollback is null && session.Reading.Steps.Values.All(step => step.Intent is null);
}
