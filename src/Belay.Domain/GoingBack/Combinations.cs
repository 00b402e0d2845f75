using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Memory;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Domain.GoingBack;

/// <summary>Which of a run's changes were seen working together: a way back may end only where something was, or before all of them. Pure.</summary>
public static class Combinations
{
    /// <summary>Whether a touch alters what runs together: releases, routes, schemas. What is only made, saved, frozen or thawed does not run by that alone; a file or a command does not run.</summary>
    public static bool IsPart(Touch touch) =>
        Members.IsMember(touch.Resource)
        && touch.Kind
            is TouchKind.Modify
                or TouchKind.Rename
                or TouchKind.RouteTo
                or TouchKind.RouteAway
                or TouchKind.Destroy;

    /// <summary>Whether an item, once it held, shows that what runs works: a soak, or a check that something serves.</summary>
    public static bool Shows(Item item, Catalog catalog) =>
        item is SoakItem || (item is CheckItem check && ProvesService(check, catalog));

    /// <summary>Whether the changes that a way back leaves standing were seen working together, and no other ones with them.</summary>
    /// <param name="reading">The run.</param>
    /// <param name="left">The changes that are left standing.</param>
    /// <param name="catalog">The operations.</param>
    /// <param name="touchesOf">What a change of the run touches.</param>
    public static bool WereSeen(
        RunReading reading,
        IReadOnlyCollection<StepReading> left,
        Catalog catalog,
        Func<StepReading, ImmutableArray<Touch>> touchesOf
    )
    {
        var parts = reading
            .Steps.Values.Where(step => step is { Intent: not null, AlreadyDone: false } && touchesOf(step).Any(IsPart))
            .ToArray();
        var standing = left.Where(parts.Contains).Select(step => step.Id).ToHashSet(StringComparer.Ordinal);
        // As it was before the run.
        if (standing.Count == 0)
            return true;
        var shows = reading
            .Plan!.AllItems()
            .Where(item => Shows(item, catalog))
            .Select(item => item.Id)
            .ToHashSet(StringComparer.Ordinal);
        return reading.Steps.Values.Any(step =>
            step is { State: StepState.Done, DoneAt: { } at }
            && shows.Contains(StepTimes.IdInPlan(step.Id))
            && StoodAt(at, parts) is { } stood
            && stood.SetEquals(standing)
        );
    }

    /// <summary>Which changes stood at a moment of the journal; null when that cannot be told: one was under way, or was begun anew since.</summary>
    private static HashSet<string>? StoodAt(long at, IEnumerable<StepReading> parts)
    {
        var stood = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in parts.Where(part => part.Began < at))
        {
            if (part.Order > at)
                return null;
            if (part.UndoneAt is { } undone && undone > part.Order && undone < at)
                continue;
            if (part.DoneAt is not { } done || done > at || done < part.Order)
                return null;
            stood.Add(part.Id);
        }
        return stood;
    }

    private static bool ProvesService(CheckItem check, Catalog catalog)
    {
        try
        {
            return catalog.Find(check.Operation)?.TouchesOf(check.With).Any(touch => touch.Proves == Proof.Serves)
                == true;
        }
        catch (JsonException)
        {
            // A reference stands where the operation needs something else: that it shows service cannot be told.
            return false;
        }
    }
}
