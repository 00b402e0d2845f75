using Belay.Domain.Journal;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>What must hold when an order has ended. What must hold at every moment is judged by the world itself.</summary>
internal static class Judge
{
    /// <summary>Puts what is wrong with the end into the world's violations.</summary>
    public static void Close(StoryId story, Played played)
    {
        var world = played.After.World;
        if (played.Ending is not Ending.Died && !played.After.Ledger.HasOpenUndo)
            Frozen(world);
        switch (played.Ending)
        {
            case Ending.Done:
                NewRelease(world);
                Lost(world);
                break;
            case Ending.RolledBack:
                OldRelease(world);
                Lost(world);
                break;
            case Ending.BackTo:
                Together(world);
                Lost(world);
                break;
            default:
                Stopped(story, played.Ending, world);
                break;
        }
    }

    private static void Frozen(World world)
    {
        foreach (var store in world.Frozen)
            world.Violate(
                Rules.LeftFrozen,
                store,
                $"writes to {store} are still frozen after the engine stopped",
                null
            );
    }

    private static void Lost(World world)
    {
        foreach (var (store, lost) in world.Records.Lost(world).ToArray())
            world.Violate(
                Rules.WritesLost,
                store,
                $"{lost} acknowledged writes are in no store that takes the writes now ({store})",
                null
            );
        foreach (var route in world.Outages.Keys)
            world.Violate(Rules.RouteUnserved, route, $"nobody serves {route} at the end", null);
    }

    private static void NewRelease(World world)
    {
        var plan = world.Scenery.Plan;
        foreach (var route in world.Scenery.Routes.Keys)
        {
            var releases = world.Serving(route).ToLookup(world.ReleaseOf, StringComparer.Ordinal);
            // A plan that moves no server to the new release says nothing of servers.
            if (releases[plan.To].Any() && releases[plan.From].FirstOrDefault() is { } old && plan.From != plan.To)
                world.Violate(
                    Rules.WrongEnd,
                    route,
                    $"the run is done, and {old} still serves {route} with release {plan.From}",
                    null
                );
        }
    }

    private static void OldRelease(World world)
    {
        foreach (var (cell, value) in world.Scenery.Beginning)
        {
            if (
                cell.Aspect is Aspect.Sessions
                || (cell.Aspect is Aspect.Release && !world.Is(cell.Subject, Aspect.Exists))
            )
                continue;
            if (world[cell] != value)
                world.Violate(
                    Rules.WrongEnd,
                    cell.Subject,
                    $"the run is rolled back, and {cell.Words(world[cell])}; before it, {cell.Words(value)}",
                    null
                );
        }
    }

    private static void Together(World world)
    {
        if (!world.RanVerified(world.Combination))
            world.Violate(
                Rules.NeverRanTogether,
                world.Combination,
                $"the way back ends in a combination that no check and no soak ever saw running: {world.Combination}",
                null
            );
    }

    /// <summary>An order without a fault of its own must come to its end: what was broken is mended by then.</summary>
    private static void Stopped(StoryId story, Ending ending, World world)
    {
        var order = story.Orders[^1];
        var isExpected =
            order.Fault is not (null or Fault.Timing or Fault.HaltedAfter)
            || (order.Fault is Fault.HaltedAfter && ending is Ending.Halted { Cause: HaltCause.Asked })
            || (order.Way is Way.Abandon && ending is Ending.Abandoned)
            || order.Way is Way.Watchdog
            || ending is Ending.Halted { Cause: HaltCause.Boundary }
            || (order.Way is Way.Resume && story.Orders.Any(IsHollow));
        if (!isExpected)
            world.Violate(
                Rules.CannotEnd,
                (ending as Ending.Halted)?.Step ?? order.Way.ToString(),
                $"nothing is broken, and {ending.Words}",
                (ending as Ending.Halted)?.Step
            );
    }

    private static bool IsHollow(Order order) => order.Fault is Fault.At { Harm: Harm.Hollow };
}
