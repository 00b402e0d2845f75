using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Parking;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives.Judges;

/// <summary>When a run has to park, and what it says then of all that it touches.</summary>
internal sealed class ParkingDuty(Session session)
{
    private string? due;

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case Soaked { Step: var step } when step == due:
                session.Accuse($"{step} is to last for so long that the run parks, and it soaks");
                break;
            case RunParked parked:
                Judge(parked);
                break;
        }
    }

    public void After(JournalEvent happened)
    {
        if (happened is not StepStarted { Step: var step } || session.ItemOf<SoakItem>(step) is not { } item)
            return;
        due = Left(item, step) > session.Stage.ParkAfter && IsAlone(item.Id) && !session.MayStop("") ? step : null;
    }

    private void Judge(RunParked parked)
    {
        if (parked.Step != due || session.MustStop(""))
        {
            session.Accuse($"the run parks at {parked.Step}, and should not");
            return;
        }
        var until = session.Utc + Left(session.ItemOf<SoakItem>(due)!, due);
        if (parked.Until != until)
            session.Accuse($"the run parks until {parked.Until:O}, and it is until {until:O}");
        var right = Reach();
        if (parked.Reach.Untold is null != right.Untold is null)
            session.Accuse($"what the run touches is {parked.Reach.Untold ?? "told"}, and is {right.Untold ?? "told"}");
        if (right.Untold is null && !parked.Reach.Connections.SequenceEqual(right.Connections))
            session.Accuse($"the run says that it uses {string.Join(", ", parked.Reach.Connections)}");
        if (right.Untold is null && !parked.Reach.Resources.SequenceEqual(right.Resources))
            session.Accuse(
                $"the run says that it touches {string.Join(", ", parked.Reach.Resources)}, and it is {string.Join(", ", right.Resources)}"
            );
        due = null;
    }

    private TimeSpan Left(SoakItem item, string step)
    {
        var known = session.Reading.Find(step);
        var every = session
            .Plan.Watches.Where(watch => item.Watch is null || watch.Name == item.Watch)
            .Select(watch => watch.Every)
            .DefaultIfEmpty()
            .Max();
        var samples = Math.Max(0, (item.Samples ?? 0) - (known?.SoakedSamples ?? 0)) * every;
        var time = (item.Time ?? TimeSpan.Zero) - (known?.SoakedTime ?? TimeSpan.Zero);
        return samples > time ? samples : time;
    }

    /// <summary>Nothing else can be under way beside it.</summary>
    private bool IsAlone(string soak)
    {
        var around = session.Plan.AllItems().Where(item => item.Id != soak && Around(item, soak));
        return !around.Any(item =>
            item is DuringItem || (item is ParallelItem { Steps.Length: > 1 }) || (item is EachItem { Batch: > 1 })
        );
    }

    private bool Around(Item item, string soak) =>
        (session.Plan with { Steps = [item] }).AllItems().Any(inner => inner.Id == soak);

    /// <summary>All that the run has touched and will touch.</summary>
    private Reach Reach()
    {
        var resources = new Dictionary<string, bool>(StringComparer.Ordinal);
        var connections = new SortedSet<string>(StringComparer.Ordinal);
        string? untold = session.Plan.AllItems().OfType<ConfirmItem>().Any() ? "a person does something" : null;
        foreach (var (operation, inputs) in Steps())
        {
            if (inputs is not { } known)
            {
                untold ??= "something is not known yet";
                continue;
            }
            if (known.TryGetProperty("connection", out var named))
                connections.Add(named.GetString()!);
            var touches = Toys.Catalog.Find(operation)!.TouchesOf(known);
            if (touches.All(touch => touch.Resource.StartsWith("shell:", StringComparison.Ordinal)))
                untold ??= "a command does not say what it touches";
            foreach (var touch in touches)
            {
                untold ??= touch.Resource.Contains("${", StringComparison.Ordinal)
                    ? "something is not known yet"
                    : null;
                resources[touch.Resource] = touch.Kind != TouchKind.Read || resources.GetValueOrDefault(touch.Resource);
            }
        }
        return new()
        {
            Untold = untold,
            Connections = [.. connections],
            Resources =
            [
                .. resources
                    .OrderBy(known => known.Key, StringComparer.Ordinal)
                    .Select(known => new TouchedResource(known.Key, known.Value)),
            ],
        };
    }

    private IEnumerable<(string Operation, System.Text.Json.JsonElement? Inputs)> Steps()
    {
        foreach (var watch in session.Plan.Watches)
            yield return (watch.Operation, watch.With);
        foreach (var (item, suffix) in session.Forward!.Approvals.Flat(session.Plan.Steps, ""))
        {
            if (item is DoItem change)
                yield return (change.Operation, session.Forward.Inputs.Resolved(change.With, suffix, isLook: true));
            else if (item is CheckItem check)
                yield return (check.Operation, session.Forward.Inputs.Resolved(check.With, suffix, isLook: true));
        }
        // What a mend took out of the plan stands all the same.
        foreach (var step in session.Reading.Steps.Values.Where(step => step.HasEffect))
            yield return (step.Intent!.Operation, session.Unsealed(step.Intent.Inputs));
    }
}
