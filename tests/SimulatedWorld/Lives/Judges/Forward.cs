using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is held against a run that goes forward.</summary>
internal sealed class Forward
{
    private readonly Session session;

    public Forward(Session session)
    {
        this.session = session;
        Approvals = new Approvals(session);
        Inputs = new Inputs(session);
        Proofs = new ProofDuty(session);
        Resumption = new Resumption(session);
        Loops = new Loops(session);
        Freezes = new Freezes(session);
        Soaks = new Soaks(session);
        Impacts = new ImpactDuty(session);
        Parking = new ParkingDuty(session);
    }

    public Approvals Approvals { get; }

    public Inputs Inputs { get; }

    public ProofDuty Proofs { get; }

    public Resumption Resumption { get; }

    public Loops Loops { get; }

    public Freezes Freezes { get; }

    public Soaks Soaks { get; }

    public ImpactDuty Impacts { get; }

    public ParkingDuty Parking { get; }

    public void Before(JournalEvent happened, bool isClaimed)
    {
        // While a mend's voids come in, what is done stands only in part; and nothing is walked before every watch has held once
        // and what a dead engine left is ended.
        var isSettled =
            session.Reading.Start is not null
            && !session.Mends.IsVoiding
            && happened is not RunResumed
            && (!session.Watches.Any || session.Watches.FirstsAt is not null)
            && !Freezes.IsSettling;
        foreach (var reason in isSettled ? Loops.Unwalkable() : [])
            session.Reasons.Add(reason);
        Approvals.Before(happened);
        Loops.Before(happened);
        Freezes.Before(happened);
        Soaks.Before(happened);
        Parking.Before(happened);
        switch (happened)
        {
            case Intent or UndoIntent or Progressed or AttemptFailed or StepInDoubt or StepUndone when !isClaimed:
                session.Accuse($"nothing was asked of an operation, and there came {happened}");
                break;
            case StepFailed failed when !isClaimed:
                Inputs.JudgeFailed(failed);
                break;
            case StepDone { Step: var step } when !isClaimed && session.ItemOf<Item>(step) is DoItem or CheckItem:
                session.Accuse($"{step} is done, and nothing was asked of it");
                break;
            case StepStarted or ApprovalRequested or ConfirmationRequested or EachStarted:
                Begins((StepEvent)happened);
                break;
            case RestoreIntent or RollbackStarted or RunRolledBack or RunAbandoned or StepResolved:
                session.Accuse($"the run goes forward, and there came {happened}");
                break;
        }
    }

    public void After(JournalEvent happened)
    {
        Soaks.After(happened);
        Parking.After(happened);
        Freezes.After(happened);
    }

    private void Begins(StepEvent happened)
    {
        var step = happened.Step;
        var suffix = PlanOrder.Split(step).Suffix;
        if (session.MustStop(suffix))
            session.Accuse($"{step} began after the run had stopped");
        if (session.Reading.Find(step)?.State == StepState.Done)
        {
            session.Accuse($"{step} is done, and begins again");
        }
        else if (!session.IsItsTurn(step) && !IsVoided(step))
        {
            session.Accuse(
                $"{step} began before its turn: {PlanOrder.WhyTooEarly(session.Plan, session.Reading, step)}"
            );
        }
    }

    /// <summary>An approval that was voided is asked for again wherever it stands.</summary>
    private bool IsVoided(string step) =>
        session.Reading.Find(step) is { State: not StepState.Done, Requested: not null };
}
