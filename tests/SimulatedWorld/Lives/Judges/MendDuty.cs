using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What a mend of the plan owes: each change of it is said, and the approvals that it took the ground from are voided.</summary>
internal sealed class MendDuty(Session session)
{
    private readonly HashSet<string> voids = new(StringComparer.Ordinal);
    private bool hasResumed;

    /// <summary>Approvals are being voided.</summary>
    public bool IsVoiding { get; private set; }

    public void Before(JournalEvent happened)
    {
        if (happened is RunResumed resumed)
        {
            Judge(resumed);
            return;
        }
        if (!IsVoiding || (happened is ApprovalVoided voided && voids.Remove(voided.Step)))
            return;
        IsVoiding = false;
        if (voids.Count > 0)
            session.Accuse($"the plan was mended, and {string.Join(", ", voids)} still count");
    }

    private void Judge(RunResumed resumed)
    {
        if (session.Order is not Order.Resume order || resumed.By != order.By || hasResumed)
            session.Accuse($"nobody asked for {resumed}");
        hasResumed = true;
        var accepted =
            session.Order is Order.Resume { By: var by } && Trouble.Others.Contains(by) ? [] : session.Stage.Accepted;
        if (resumed.Accepted is { IsEmpty: true } || !(resumed.Accepted ?? []).SequenceEqual(accepted))
            session.Accuse($"other risks are accepted in {resumed}");
        var now = (session.Order as Order.Resume)?.Plan;
        var ran = session.Reading.Plan!;
        var isMended = now is not null && PlanJson.Hash(now) != session.Reading.PlanHash;
        if (isMended != resumed.Plan is not null || (isMended && resumed.PlanHash != PlanJson.Hash(now!)))
            session.Accuse("the plan was mended, or was not, and the journal says otherwise");
        var changes = isMended ? Changes(ran, now!) : [];
        if (!changes.SequenceEqual(resumed.Changes))
            session.Accuse(
                $"the mend changed [{string.Join(", ", changes)}], and [{string.Join(", ", resumed.Changes)}] is journaled"
            );
        if (changes.Count == 0)
            return;
        var approvals = now!.AllItems().OfType<ApproveItem>().Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        voids.UnionWith(
            session
                .Reading.Steps.Values.Where(step =>
                    step.Approvals.Count > 0 && approvals.Contains(PlanOrder.Split(step.Id).Id)
                )
                .Select(step => step.Id)
        );
        IsVoiding = voids.Count > 0;
    }

    private static List<string> Changes(Plan ran, Plan now)
    {
        var (before, after) = (ran.AllItems().ToList(), now.AllItems().ToList());
        var changes = new List<string>();
        for (var i = 0; i < after.Count; i++)
        {
            var item = after[i];
            var at = before.FindIndex(old => old.Id == item.Id);
            if (at < 0)
                changes.Add($"added {item.Id}: {item.Title}");
            else if (PlanJson.WriteAlone(before[at]) != PlanJson.WriteAlone(item))
                changes.Add($"changed {item.Id}: {item.Title}");
            else if ((at == 0 ? null : before[at - 1].Id) != (i == 0 ? null : after[i - 1].Id))
                changes.Add($"moved {item.Id}: {item.Title}");
        }
        changes.AddRange(
            before
                .Where(old => !after.Exists(item => item.Id == old.Id))
                .Select(old => $"removed {old.Id}: {old.Title}")
        );
        changes.AddRange(
            now.Files.Where(file => !ran.Files.Contains(file)).Select(file => $"file {file.Path} changed")
        );
        return changes;
    }
}
