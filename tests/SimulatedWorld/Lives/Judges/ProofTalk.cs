using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is said with a check of disuse that is judged again directly before something is ended.</summary>
internal sealed class ProofTalk(Session session, Made made, CheckItem item) : Talk(session, made)
{
    protected override async Task TalkAsync()
    {
        Session.Forward?.Inputs.Judge(this, item, Made.Inputs);
        if (await NextAsync() is not Said.Ask || await NextAsync() is not Said.Answer answer)
        {
            Accuse("a proof was to be asked again");
            return;
        }
        if (answer.Failure is OperationCanceledException && Session.MayStop("") && await PeekAsync() is Said.End)
        {
            await EndAsync();
            return;
        }
        var holds =
            answer.Failure is null && Made.Check!.Judge((System.Text.Json.JsonElement)answer.Value!) is Verdict.Holds;
        if (await NextAsync() is not Said.Wrote { Event: Checked written } || (written.Answer == Answer.Holds) != holds)
            Accuse("a proof was asked again, and its answer is not journaled");
        Session.Forward?.Proofs.Asked(Step, holds);
        if (!holds)
        {
            var kind = answer.Failure is null ? FailureKind.Refused : FailureKind.OutcomeUnknown;
            if (await NextAsync() is Said.Wrote { Event: StepFailed failed } && failed.Failure == kind)
                Session.Add(HaltCause.CheckFailed, Step, failed.Why, PlanOrder.Split(Step).Suffix);
            else
                Accuse("a proof does not hold any more, and has not failed");
        }
        await EndAsync();
    }
}
