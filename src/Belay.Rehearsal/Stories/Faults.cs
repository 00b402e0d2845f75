namespace Belay.Rehearsal.Stories;

/// <summary>Everything that can go wrong in an order, at every place that it passes, once.</summary>
internal sealed class Faults
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>How many were left out, because the same would have happened in the same state elsewhere.</summary>
    public int Folded { get; private set; }

    /// <summary>The faults of an order that was played without one; those that lead to nothing new are left out.</summary>
    public IEnumerable<Fault> Of(Order order, Played played)
    {
        foreach (var (spot, signature) in played.Spots)
        {
            foreach (var harm in HarmsAt(spot, order.Way))
            {
                // A dead process is dead: only the state that it leaves matters, not where it died.
                if (IsNew(harm == Harm.Crash ? $"crash {signature}" : $"{harm} {spot} {signature}"))
                    yield return new Fault.At(harm, spot);
            }
        }
        for (var write = 0; write < played.Writes.Count; write++)
        {
            // Before the first write of a run there is no run.
            if ((write > 0 || order.Way is not Way.Start) && IsNew($"crash {played.Writes[write]}"))
                yield return new Fault.AtCommit(write + 1);
        }
    }

    private static IEnumerable<Harm> HarmsAt(Spot spot, Way way) =>
        spot switch
        {
            { Work: Work.Check } => [Harm.Fail, Harm.Crash],
            { Moment: Moment.Before, Work: Work.Apply } when way is not Way.Rollback =>
            [
                Harm.Fail,
                Harm.Hang,
                Harm.Watch,
                Harm.Hollow,
                Harm.Crash,
            ],
            { Moment: Moment.Before } => [Harm.Fail, Harm.Hang, Harm.Crash],
            { Moment: Moment.Half } => [Harm.Fail, Harm.Lost, Harm.Crash],
            _ => [Harm.Fail, Harm.Lost, Harm.Hang, Harm.Crash],
        };

    private bool IsNew(string state)
    {
        if (seen.Add(state))
            return true;
        Folded++;
        return false;
    }
}
