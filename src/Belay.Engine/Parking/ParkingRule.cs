using Belay.Domain.Plans;

namespace Belay.Engine.Parking;

/// <summary>Where a run may park: at a soak beside which nothing else of the plan can be under way, and that no condition and no announced impact surrounds. Pure.</summary>
internal static class ParkingRule
{
    /// <summary>Whether an item of a plan is the only work that there can be while it is under way.</summary>
    public static bool IsAlone(Plan plan, string item)
    {
        IEnumerable<Item> level = plan.Steps;
        while (level.FirstOrDefault(candidate => Holds(candidate, item)) is { } at)
        {
            if (at.Impact is not null)
                return false;
            if (at.Id == item)
                return true;
            if (at is DuringItem or ParallelItem { Steps.Length: > 1 } or EachItem { Batch: > 1 })
                return false;
            level = at.Children;
        }
        return false;
    }

    private static bool Holds(Item candidate, string item) =>
        candidate.Id == item || candidate.Children.Any(child => Holds(child, item));
}
