using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives;

/// <summary>What somebody mends in a plan after a halt; of what has begun already nothing is taken.</summary>
internal sealed class RandomMends(Random random)
{
    public Plan Mended(RunReading reading)
    {
        var plan = reading.Plan!;
        var steps = plan.Steps.Select(Older).ToImmutableArray();
        var added = "mend" + steps.Length.ToString(CultureInfo.InvariantCulture);
        steps = steps.Add(Stage.Do(added, "toy.set", added));
        // What comes after all that has begun is free.
        var last = steps.Length - 2;
        while (last > 0 && HasNotBegun(steps[last], reading))
            last--;
        var free = steps[(last + 1)..];
        if (free.Length > 1 && random.Next(2) == 0)
            free = [.. free[1..], free[0]];
        if (free.Length > 1 && random.Next(3) == 0)
            free = free.RemoveAt(random.Next(free.Length - 1));
        if (free.Length > 0 && free[0] is DoItem { Operation: "toy.set" } change && random.Next(2) == 0)
            free = free.SetItem(0, change with { With = Stage.With(change.Id, "mended") });
        return plan with
        {
            Steps = [.. steps[..(last + 1)], .. free],
            Files = random.Next(3) == 0 ? [new PlanFile("a.sql", "2"), new PlanFile("b.sql", "1")] : plan.Files,
        };
    }

    private static bool HasNotBegun(Item item, RunReading reading) =>
        item is DoItem or SoakItem or ConfirmItem or ApproveItem
        && reading.Find(item.Id) is null
        && item is not DoItem { Operation: "toy.end" or "toy.route" };

    /// <summary>Backups may be older.</summary>
    private static Item Older(Item item) =>
        item switch
        {
            DoItem { Restore: not null } wreck => wreck with { BackupAge = TimeSpan.FromDays(100) },
            PhaseItem phase => phase with { Steps = [.. phase.Steps.Select(Older)] },
            ParallelItem parallel => parallel with { Steps = [.. parallel.Steps.Select(Older)] },
            DuringItem during => during with { Steps = [.. during.Steps.Select(Older)] },
            _ => item,
        };
}
