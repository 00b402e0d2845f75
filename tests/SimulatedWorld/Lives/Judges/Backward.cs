using Belay.Domain.Journal;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is held against a run that goes back.</summary>
internal sealed class Backward(Session session)
{
    public Way Way { get; } = new(session);

    public void Before(JournalEvent happened)
    {
        Way.Before(happened);
        if (
            happened
            is Intent
                or ApprovalRequested
                or ConfirmationRequested
                or EachStarted
                or StepStarted
                or StepDone
                or WatchFailed
                or RunDone
                or MemberSetAside
                or StepFailed
        )
            session.Accuse($"the run goes back, and there came {happened}");
    }
}
