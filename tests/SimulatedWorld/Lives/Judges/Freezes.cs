using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Freezes: a watchdog first, an end in time, and nothing that stands when the group is done.</summary>
internal sealed class Freezes(Session session)
{
    private readonly Dictionary<string, long> ends = new(StringComparer.Ordinal);

    /// <summary>A watchdog was armed.</summary>
    public void Armed(string condition, TimeSpan within)
    {
        var during = Of(condition);
        if (during?.AtMost != within)
            session.Accuse($"the watchdog of {condition} is armed for {within}");
        var thaw = TimeSpan.FromTicks(Math.Min(within.Ticks / 5, TimeSpan.FromSeconds(5).Ticks));
        ends[condition] = session.Now + (within - thaw).Ticks;
    }

    /// <summary>A freeze is at its deadline: what is under way has no grace.</summary>
    public bool IsOver => ends.Values.Any(end => end <= session.Now);

    /// <summary>The freezes that took too long.</summary>
    public IEnumerable<Reason> Overdue() =>
        ends.Where(end => end.Value <= session.Now)
            .Select(end => new Reason(HaltCause.StepFailed, DuringOf(end.Key), null, end.Value, ""))
            .Concat(Unarmed());

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case Intent intent when Of(intent.Step) is { Mode: DuringMode.Freeze } && !ends.ContainsKey(intent.Step):
                session.Accuse($"{intent.Step} freezes, and no watchdog is armed");
                break;
            case StepDone done when session.ItemOf<DuringItem>(done.Step) is { } during:
                Judge(during, PlanOrder.Split(done.Step).Suffix);
                break;
        }
    }

    public void After(JournalEvent happened)
    {
        // Its condition has ended: nothing is left that could take too long.
        if (happened is not StepUndone undone || !ends.Remove(undone.Step, out var end) || end > session.Now)
            return;
        session.Reasons.Add(new Reason(HaltCause.StepFailed, DuringOf(undone.Step), null, end, ""));
    }

    private void Judge(DuringItem during, string suffix)
    {
        if (
            session.Reading.Find(during.Condition.Id + suffix)
            is not { State: StepState.Done or StepState.Undone, HasEffect: false }
        )
            session.Accuse($"{during.Id} is done, and its condition stands");
        if (!during.Steps.All(child => PlanOrder.IsComplete(child, suffix, session.Reading)))
            session.Accuse($"{during.Id} is done, and not all in it is");
        ends.Remove(during.Condition.Id + suffix);
    }

    private IEnumerable<Reason> Unarmed() =>
        session.Stage.Store.NoWatchdog is null
            ? []
            : session
                .Plan.AllItems()
                .OfType<DuringItem>()
                .Where(during =>
                    during.Mode == DuringMode.Freeze
                    && !ends.ContainsKey(during.Condition.Id)
                    && session.IsItsTurn(during.Condition.Id)
                )
                .Select(during => new Reason(HaltCause.StepFailed, during.Id, null, session.Now, ""));

    /// <summary>Whether what an engine that died left standing, or half ended, has still to be ended: nothing is walked before.</summary>
    public bool IsSettling =>
        session
            .Plan.AllItems()
            .OfType<DuringItem>()
            .Any(during =>
                session.Reading.Find(during.Condition.Id) is { } condition
                && (
                    condition.State == StepState.Undoing
                    || (
                        condition.HasEffect
                        && during.Mode == DuringMode.Freeze
                        && !ends.ContainsKey(during.Condition.Id)
                    )
                )
            );

    /// <summary>Whether an item stands in a freeze of an engine that died: it is thawed first, and begins anew.</summary>
    public bool IsLeftOver(Item item) =>
        session
            .Plan.AllItems()
            .OfType<DuringItem>()
            .Any(during =>
                during.Mode == DuringMode.Freeze
                && !ends.ContainsKey(during.Condition.Id)
                && (session.Plan with { Steps = [during] }).AllItems().Any(inner => inner.Id == item.Id)
            );

    public bool IsFreeze(string condition) => Of(condition) is { Mode: DuringMode.Freeze };

    private DuringItem? Of(string condition) =>
        session
            .Plan.AllItems()
            .OfType<DuringItem>()
            .FirstOrDefault(during => during.Condition.Id == PlanOrder.Split(condition).Id);

    private string? DuringOf(string condition) => Of(condition)?.Id + PlanOrder.Split(condition).Suffix;
}
