using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives;

/// <summary>What the witness makes of the journal's events.</summary>
internal sealed partial class Witness
{
    private readonly Dictionary<string, long> doneAt = new(StringComparer.Ordinal);
    private long mendedAt;

    public void OnDurable(JournalEntry entry)
    {
        tally.Count($"event: {entry.Event.GetType().Name}");
        if (entry.Sequence != Reading.Sequence + 1)
            Accuse($"event {entry.Sequence} comes after event {Reading.Sequence}");
        var status = Reading.Status;
        Reading.Apply(entry);
        if (status.IsClosed())
            Accuse($"{entry.Event.GetType().Name} was journaled after the run was closed");
        switch (entry.Event)
        {
            case RunStarted or RunResumed:
                mendedAt = entry.Event is RunResumed { Plan: not null } ? entry.Sequence : mendedAt;
                break;
            case Intent intent:
                Begun(intent);
                break;
            case RestoreIntent intent:
                restore = intent;
                Restoring(intent);
                break;
            case Approved approved:
                Judge(approved);
                break;
            case StepDone done:
                Judge(done);
                doneAt[done.Step] = entry.Sequence;
                break;
            case MemberSetAside aside:
                Judge(aside);
                break;
        }
    }

    private void Begun(Intent intent)
    {
        var old = Reading.Steps.Values.FirstOrDefault(step =>
            step is { State: StepState.Done, Requested: not null } && doneAt.GetValueOrDefault(step.Id) < mendedAt
        );
        if (old is not null)
            Accuse($"{intent.Step} began, and {old.Id} was approved before the plan was mended");
        if (PlanOrder.WhyTooEarly(Plan, Reading, intent.Step) is { } why)
            Accuse($"{intent.Step} came too early: {why}");
    }

    private void Restoring(RestoreIntent intent)
    {
        if (Reading.Rollback is not { } rollback || !rollback.AcceptedLoss.Contains(intent.Step))
            Accuse($"{intent.Step} is restored, and nobody accepted the loss");
        else if (rollback.LossAtMost?.TryGetValue(intent.Step, out var most) == true && intent.Loss.Count > most)
            Accuse($"{intent.Step} loses {intent.Loss.Count}, and {most} were accepted");
    }

    private void Judge(Approved approved)
    {
        if (ItemOf<ApproveItem>(approved.Step) is not { } item)
        {
            Accuse($"{approved.Step} was approved, and is no approval");
            return;
        }
        if (approved.By != item.By && !stage.MayAct(approved.By, item.By))
            Accuse($"{approved.By} may not approve {approved.Step}");
        if (item.Not == "starter" && approved.By == Reading.Start!.By)
            Accuse($"{approved.By} started the run and approved {approved.Step}");
        if (item.Not is { } not && not != "starter" && (not == approved.By || stage.MayAct(approved.By, not)))
            Accuse($"{approved.By} is left out of {approved.Step}");
        if (Reading.Mender == approved.By)
            Accuse($"{approved.By} mended the plan and approved {approved.Step}");
        if (Reading.Find(approved.Step)?.Requested?.Covers != approved.Covers)
            Accuse($"{approved.Step} was approved for something that is not asked for");
    }

    private void Judge(StepDone done)
    {
        var step = Reading.Find(done.Step)!;
        if (ItemOf<ApproveItem>(done.Step) is { } approve)
        {
            var people = step.Approvals.Select(known => known.By).Distinct(StringComparer.Ordinal).Count();
            if (people < approve.Count)
                Accuse($"{done.Step} is done with {people} of {approve.Count} approvals");
        }
        if (ItemOf<ConfirmItem>(done.Step) is { } confirm)
        {
            if (
                step.Confirmation is not { } word
                || (confirm.By is { } role && word.By != role && !stage.MayAct(word.By, role))
            )
                Accuse($"{done.Step} is done, and nobody who may has confirmed it");
        }
        if (ItemOf<SoakItem>(done.Step) is { Time: { } time })
        {
            if (step.SoakedTime < time || (!ClockWasSet && step.EndedAt - step.StartedAt < time - Slack))
                Accuse($"{done.Step} soaked {step.SoakedTime}, not {time}");
        }
        // Two steps may wreck one store at the same time: then only one of them has to.
        if (
            step.Intent is { Operation: not "toy.wreck" }
            && !done.AlreadyDone
            && Net(done.Step) != 1
            && !Lied.Contains(done.Step)
        )
            Accuse($"{done.Step} is journaled as done, and its effect stands {Net(done.Step)} times");
        if (step.Intent is not null && stage.World[CellOfIntent(step)] is null && !Lied.Contains(done.Step))
            Accuse($"{done.Step} is journaled as done, and its cell is empty");
    }

    /// <summary>The sample of a watch that ends first in a soak began before it.</summary>
    private TimeSpan Slack => Plan.Watches.Select(watch => watch.Every).DefaultIfEmpty().Max();

    private static string CellOfIntent(StepReading step) =>
        step.Intent!.Inputs.GetProperty("cell").GetString()! is var cell && step.Intent.Operation == "toy.save"
            ? cell + ".saved"
            : cell;

    private void Judge(MemberSetAside aside)
    {
        var (each, loop) = (ItemOf<EachItem>(aside.Step)!, Reading.Find(aside.Step)!);
        if (loop.SetAside.Count > each.Tolerate)
            Accuse($"{aside.Step} set aside {loop.SetAside.Count} members, and tolerates {each.Tolerate}");
        if (loop.Members!.Value.Take(each.Canary).Any(canary => canary.Key == aside.Member))
            Accuse($"{aside.Step} set its canary aside");
        foreach (var step in Reading.Steps.Keys.Where(id => id.EndsWith("@" + aside.Member, StringComparison.Ordinal)))
        {
            if (each.Steps.Any(item => step == $"{item.Id}@{aside.Member}") && Net(step) != 0 && !Lied.Contains(step))
                Accuse($"{step} still stands, and its member is set aside");
        }
    }

    private T? ItemOf<T>(string step)
        where T : Item => Plan.AllItems().OfType<T>().FirstOrDefault(item => item.Id == PlanOrder.Split(step).Id);
}
