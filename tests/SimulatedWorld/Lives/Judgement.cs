using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives;

/// <summary>What must be true when an order has ended, and when the run is closed.</summary>
internal sealed class Judgement(Stage stage, Witness witness, Trouble trouble)
{
    /// <summary>What is wrong after an order that was carried out to its end by a living engine that holds its lease.</summary>
    public string? AfterOrder(RunReading told, Plan plan)
    {
        var replayed = stage.Reading;
        if (Summary(replayed) != Summary(told))
            return $"the journal replays to another reading:\n{Summary(told)}\n{Summary(replayed)}";
        if (!replayed.Status.IsClosed() && replayed.Status != RunStatus.Halted)
            return $"the order ended, and the run stands {replayed.Status}";
        if (replayed.Status == RunStatus.Halted && replayed.Halt is not { Why.Length: > 0 })
            return "the run is halted, and nothing says why";
        return plan.AllItems()
            .OfType<DuringItem>()
            .Where(during =>
                (during.Mode == DuringMode.Freeze || replayed.Status.IsClosed())
                && stage.World[during.Id + "-on"] is not null
                && !Excused(during)
            )
            .Select(during => $"{during.Id} still stands after the engine stopped")
            .FirstOrDefault();
    }

    /// <summary>What is wrong with a closed run.</summary>
    public string? AtTheEnd(Plan plan, IReadOnlyDictionary<string, string> before) =>
        stage.Reading.Status switch
        {
            RunStatus.Done => NotDone(),
            RunStatus.Abandoned => null,
            RunStatus.RolledBack => NotAsBefore(plan, before),
            RunStatus.Failed => stage.World.Effects.All(effect =>
                effect.Contains(' ' + Trouble.OtherStep, StringComparison.Ordinal)
            )
                ? NotAsBefore(plan, before)
                : "the run says that it changed nothing, and it did",
            var status => $"the run ended {status}",
        };

    private bool Excused(DuringItem during) =>
        stage.Reading.Find(during.Condition.Id)
            is { State: StepState.UndoFailed or StepState.InDoubt or StepState.Undoing };

    private string? NotDone()
    {
        var reading = stage.Reading;
        return reading
                .Plan!.Steps.Where(item => !PlanOrder.IsComplete(item, "", reading))
                .Select(item => $"the run is done, and {item.Id} is not")
                .FirstOrDefault()
            ?? reading
                .Steps.Values.Where(step =>
                    step is { State: StepState.Done, Intent.Operation: not "toy.wreck", AlreadyDone: false }
                    && step.Intent is not null
                    && witness.Net(step.Id) != 1
                    && !witness.Lied.Contains(step.Id)
                )
                .Select(step => $"{step.Id} is done, and stands {witness.Net(step.Id)} times")
                .FirstOrDefault();
    }

    private string? NotAsBefore(Plan plan, IReadOnlyDictionary<string, string> before)
    {
        if (witness.Lied.Count > 0)
            return null;
        var (was, now) = (Own(plan, before), Own(plan, stage.World.Snapshot()));
        return was.SequenceEqual(now)
            ? null
            : $"the run went back, and the world is not as it was: {string.Join(", ", was.Except(now).Concat(now.Except(was)))}";
    }

    /// <summary>The cells that are the run's own business.</summary>
    private KeyValuePair<string, string>[] Own(Plan plan, IReadOnlyDictionary<string, string> cells)
    {
        var others = plan.AllItems()
            .OfType<CheckItem>()
            .Select(check => check.With.GetProperty("cell").GetString()!)
            .Append(RandomPlans.Watched)
            .Append(RandomPlans.AlsoWatched)
            .Concat(trouble.Strange)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. cells
                .Where(cell =>
                    !others.Contains(cell.Key) && !cell.Key.StartsWith(Trouble.OtherStep, StringComparison.Ordinal)
                )
                .OrderBy(cell => cell.Key, StringComparer.Ordinal),
        ];
    }

    private static string Summary(RunReading reading) =>
        $"{reading.Sequence} {reading.Status} {reading.Halt?.Cause} {reading.PlanHash} "
        + string.Join(
            ", ",
            reading.Steps.Values.Select(step =>
                $"{step.Id} {step.State} {step.Order} {step.Attempts} {step.Approvals.Count}"
            )
        );
}
