using System.Collections.Immutable;
using Belay.Domain.GoingBack;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Rehearsal.Operations;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>What all stories of a rehearsal share. Nothing in it changes.</summary>
internal sealed class Script
{
    /// <summary>Nothing in the world depends on how long a soak or a check that must go on holding lasts: they are cut to this.</summary>
    private static readonly TimeSpan LongestSoak = TimeSpan.FromSeconds(2);

    public Script(Plan plan, Catalog catalog, int seed)
    {
        Plan = plan with { Steps = [.. plan.Steps.Select(Shorten)] };
        Catalog = new SimulatedCatalog(plan, catalog);
        Seed = seed;
        WatchSteps = [.. plan.Watches.Select(watch => $"watch.{watch.Name}")];
        Looks = plan.AllItems()
            .Where(item => Combinations.Shows(item, catalog))
            .Select(item => item.Id)
            .ToImmutableHashSet(StringComparer.Ordinal);
        Changes = plan.AllItems().OfType<DoItem>().Select(item => item.Id).ToImmutableHashSet(StringComparer.Ordinal);
        var seen = Player.Look(this);
        Scenery = new Scenery(Plan, seen.Touches);
    }

    public Plan Plan { get; }

    public SimulatedCatalog Catalog { get; }

    public int Seed { get; }

    public ImmutableHashSet<string> WatchSteps { get; }

    /// <summary>Steps that, once they held, show that what runs works.</summary>
    public ImmutableHashSet<string> Looks { get; }

    /// <summary>Steps that alter something.</summary>
    public ImmutableHashSet<string> Changes { get; }

    public Scenery Scenery { get; }

    private static Item Shorten(Item item) =>
        item switch
        {
            SoakItem { Time: { } time } soak when time > LongestSoak => soak with { Time = LongestSoak },
            CheckItem { For: var time } check when time > LongestSoak => check with { For = LongestSoak },
            PhaseItem group => group with { Steps = [.. group.Steps.Select(Shorten)] },
            ParallelItem group => group with { Steps = [.. group.Steps.Select(Shorten)] },
            EachItem group => group with { Steps = [.. group.Steps.Select(Shorten)] },
            DuringItem group => group with { Steps = [.. group.Steps.Select(Shorten)] },
            _ => item,
        };
}
