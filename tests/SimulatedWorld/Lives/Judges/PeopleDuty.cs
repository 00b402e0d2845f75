using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace SimulatedWorld.Lives.Judges;

/// <summary>People: each request is answered once, by the right rule, as soon as its step asks; enough of them end the wait at once.</summary>
internal sealed class PeopleDuty
{
    private readonly Session session;
    private readonly List<(PendingRequest Request, long At)> waiting;
    private readonly Dictionary<string, long> asking = new(StringComparer.Ordinal);
    private readonly HashSet<string> over = new(StringComparer.Ordinal);
    private readonly HashSet<string> answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> heard = new(StringComparer.Ordinal);

    public PeopleDuty(Session session)
    {
        this.session = session;
        waiting = [.. session.Stage.Store.Waiting(Stage.Run).Select(request => (request, session.Now))];
    }

    private bool IsListening => session.Forward is not null || session.Backward is not null;

    /// <summary>Somebody puts a request down.</summary>
    public void Put(PendingRequest request) => waiting.Add((request, session.Now));

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case Approved said:
                Answer(
                    said.Step,
                    said.By,
                    isRight: true,
                    request => request is ApproveRequest asked && asked.Covers == said.Covers && asked.Note == said.Note
                );
                break;
            case Confirmed said:
                Answer(
                    said.Step,
                    said.By,
                    isRight: true,
                    request => request is ConfirmRequest asked && asked.Note == said.Note
                );
                break;
            case RequestRefused refused:
                Answer(refused.Asked, refused.By, isRight: false, _ => true);
                break;
            case HaltRequested asked:
                Halt(asked);
                break;
            case StepDone { Step: var step } when session.ItemOf<Item>(step) is ApproveItem or ConfirmItem:
                Done(step);
                break;
        }
    }

    public void After(JournalEvent happened)
    {
        switch (happened)
        {
            case StepDone { Step: var step } when asking.ContainsKey(step):
                // Should its approval be voided, it asks again: until then nobody waits.
                over.Add(step);
                break;
            case ApprovalRequested { Step: var step }:
                over.Remove(step);
                asking[step] = heard[step] = session.Now;
                break;
            case ConfirmationRequested { Step: var step } asked:
                asking[step] = heard[step] = session.Now;
                if (session.ItemOf<ConfirmItem>(step)?.Instructions != asked.Instructions)
                    session.Accuse($"{step} asks for something else than the plan");
                break;
            case Approved or Confirmed:
                Hear(((StepEvent)happened).Step);
                break;
            case RequestRefused refused:
                Hear(refused.Asked);
                break;
        }
    }

    /// <summary>At the end nobody is left without an answer, and what was answered is put away.</summary>
    public void End()
    {
        if (!IsListening)
            return;
        foreach (var (request, at) in waiting)
        {
            var step = StepOf(request.Request);
            if (step is null && at < session.Now && session.HasWritten && !session.IsParked)
                session.Accuse($"{request.Request} was never taken in");
            if (step is not null && asking.TryGetValue(step, out var asked) && Math.Max(asked, at) < session.Now)
                session.Accuse($"{request.Request} was never answered");
        }
        var left = session
            .Stage.Store.Waiting(Stage.Run)
            .Select(request => request.Id)
            .ToHashSet(StringComparer.Ordinal);
        if (left.Overlaps(answered))
            session.Accuse("a request was answered, and is not put away");
        foreach (var step in asking.Keys)
        {
            if (
                session.Reading.Find(step) is { State: not StepState.Done } known
                && IsEnough(known)
                && !session.MayStop(PlanOrder.Split(step).Suffix)
            )
                session.Accuse($"{step} has all words that it needs, and is not done");
        }
    }

    private bool IsImpatient => Told is Order.Start { Wait: false } or Order.Resume { Wait: false };

    private Order Told => session.Order is Order.Woken woken ? woken.Parked.Order : session.Order;

    /// <summary>The steps for which nobody waits any longer: half a second after the last word.</summary>
    public IEnumerable<Reason> GivenUp() =>
        (IsImpatient ? asking.Keys : Enumerable.Empty<string>())
            .Where(step => !over.Contains(step) && session.Reading.Find(step) is { State: not StepState.Done })
            .Select(step => new Reason(
                HaltCause.Waiting,
                step,
                null,
                heard[step] + TimeSpan.FromMilliseconds(500).Ticks,
                PlanOrder.Split(step).Suffix
            ))
            .Where(reason => reason.At <= session.Now);

    // Who had given up before does not wait again.
    private void Hear(string step)
    {
        if (!IsImpatient || heard[step] + TimeSpan.FromMilliseconds(500).Ticks >= session.Now)
            heard[step] = session.Now;
    }

    private static string? StepOf(RunRequest request) =>
        request switch
        {
            ApproveRequest asked => asked.Step,
            ConfirmRequest asked => asked.Step,
            _ => null,
        };

    private void Answer(string step, string by, bool isRight, Func<RunRequest, bool> fits)
    {
        if (!asking.ContainsKey(step))
            session.Accuse($"{step} does not ask yet, and {by} was answered");
        var at = waiting.FindIndex(known =>
            StepOf(known.Request.Request) == step
            && known.Request.Request.By == by
            && fits(known.Request.Request)
            && MayCount(step, known.Request.Request) == isRight
        );
        if (at < 0)
        {
            session.Accuse($"{by} was {(isRight ? "heard" : "refused")} about {step}, and should not have been");
            return;
        }
        if (
            waiting
                .Take(at)
                .Any(known =>
                    StepOf(known.Request.Request) == step
                    && known.Request.Request.By == by
                    && known.At < waiting[at].At
                    && MayCount(step, known.Request.Request) == isRight
                    && fits(known.Request.Request)
                )
        )
            session.Accuse($"{by} was answered out of turn about {step}");
        if (Math.Max(waiting[at].At, asking[step]) < session.Now)
            session.Accuse(
                $"{by} waited {TimeSpan.FromTicks(session.Now - Math.Max(waiting[at].At, asking[step]))} for an answer about {step}"
            );
        answered.Add(waiting[at].Request.Id);
        waiting.RemoveAt(at);
    }

    private void Halt(HaltRequested asked)
    {
        var at = waiting.FindIndex(known =>
            known.Request.Request is HaltRequest halt
            && halt.By == asked.By
            && (halt.Note is null || halt.Note == asked.Why)
        );
        if (at < 0)
        {
            session.Accuse($"nobody asked to halt: {asked}");
            return;
        }
        if (Math.Max(waiting[at].At, session.Begun) < session.Now && !session.Identities.IsSlow)
            session.Accuse("a halt was asked for, and taken in later");
        var note = waiting[at].Request.Request.Note;
        if (asked.Why != (note ?? "asked to halt"))
            session.Accuse($"somebody asked to halt with '{note}', and there came {asked}");
        answered.Add(waiting[at].Request.Id);
        waiting.RemoveAt(at);
        session.Add(HaltCause.Asked, null, $"{asked.By} asked to halt{(note is null ? "" : $": {note}")}", "");
    }

    private void Done(string step)
    {
        if (!asking.TryGetValue(step, out var asked))
            session.Accuse($"{step} was not asked for, and is done");
        else if (Math.Max(asked, heard[step]) < session.Now)
            session.Accuse($"{step} has all words that it needs, and was done later");
        if (!IsEnough(session.Reading.Find(step)!))
            session.Accuse($"{step} is done without the words that it needs");
    }

    private bool IsEnough(StepReading step) =>
        session.ItemOf<ApproveItem>(step.Id) is { } approve
            ? step.Approvals.Select(said => said.By).Distinct(StringComparer.Ordinal).Count() >= approve.Count
            : step.Confirmation is not null;

    /// <summary>The rule: who may say what.</summary>
    private bool MayCount(string step, RunRequest request) =>
        request.By != Lives.People.Signing
        && (session.ItemOf<Item>(step), request) switch
        {
            (ApproveItem item, ApproveRequest asked) => asked.Covers == session.Reading.Find(step)!.Requested!.Covers
                && May(asked.By, item.By)
                && !(item.Not == "starter" && asked.By == session.Reading.Start!.By)
                && !(item.Not is { } not && not != "starter" && May(asked.By, not))
                && asked.By != session.Reading.Mender,
            (ConfirmItem item, ConfirmRequest asked) => item.By is null || May(asked.By, item.By),
            _ => false,
        };

    private bool May(string person, string role) => person == role || session.Stage.MayAct(person, role);
}
