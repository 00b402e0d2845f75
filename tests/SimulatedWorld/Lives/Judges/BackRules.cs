using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>When a way back in part has to be refused, worked out from the journal's events and not from what the engine reads off them: it would end in what was never seen working, or a restore would take back what is to stand.</summary>
internal sealed class BackRules(Session session)
{
    /// <summary>Whether what is left standing was seen working, as a soak that ended; null: an undo was under way then, and either answer is right.</summary>
    /// <param name="to">The last step that is undone; null: all.</param>
    public bool? WasSeen(string? to)
    {
        var parts = session
            .Reading.Steps.Values.Where(step =>
                step is { Intent: { } intent, AlreadyDone: false } && TouchesOf(intent).Any(IsPart)
            )
            .Select(step => step.Id)
            .ToArray();
        var left = Left(to).Select(step => step.Id).Intersect(parts).ToHashSet(StringComparer.Ordinal);
        if (left.Count == 0)
            return true;
        bool? seen = false;
        foreach (var at in Shown())
        {
            var (stood, isSure) = StoodAt(at, parts);
            if (stood?.SetEquals(left) == true)
            {
                if (isSure)
                    return true;
                seen = null;
            }
        }
        return seen;
    }

    /// <summary>The first step that is to stand, and that a restore on this way would take back; null: there is none.</summary>
    public bool TakesMore(string? to, IEnumerable<string> restoredBefore)
    {
        var restored = restoredBefore.ToHashSet(StringComparer.Ordinal);
        foreach (var step in Standing(to))
        {
            if (restored.Contains(step.Intent!.Restore ?? "nothing") || restored.Any(backup => IsCovered(step, backup)))
                continue;
            if (step.Intent.Reversal != Reversal.Restore || step.Intent.Restore is not { } save)
                continue;
            restored.Add(save);
            if (
                session.Reading.Find(save) is { Intent: { } saved } made
                && Left(to).Any(other => other.Order > made.Order && Altered(other).Any(StoreOf(saved).Contains))
            )
                return true;
        }
        return false;
    }

    /// <summary>A restore made its undo unnecessary: it came after the backup and altered nothing but what the backup holds.</summary>
    public bool IsCovered(StepReading step, string backup) =>
        session.Reading.Find(backup) is { Intent: { } saved } made
        && step.Order > made.Order
        && Altered(step) is [_, ..] altered
        && altered.All(StoreOf(saved).Contains);

    /// <summary>What stands from a step on, the last begun first.</summary>
    public List<StepReading> Standing(string? to)
    {
        var last = to is null ? 0 : session.Reading.Find(to)?.Order ?? long.MaxValue;
        return
        [
            .. session
                .Reading.Steps.Values.Where(step => step.HasEffect && step.Order >= last)
                .OrderByDescending(step => step.Order),
        ];
    }

    /// <summary>The step to which a refusal may lead: the next one further back whose way ends in what was seen working; null: there is none.</summary>
    public string? Better(string to) =>
        Standing(to: null)
            .SkipWhile(step => step.Id != to)
            .Skip(1)
            .Select(step => step.Id)
            .FirstOrDefault(step =>
                Standing(step).TrueForAll(known => known.Intent!.Reversal != Reversal.Never)
                && Left(step).Any()
                && WasSeen(step) != false
            );

    private IEnumerable<StepReading> Left(string? to) =>
        session.Reading.Steps.Values.Where(step => step.HasEffect).Except(Standing(to));

    /// <summary>The moments at which a soak ended that still counts.</summary>
    private IEnumerable<long> Shown() =>
        session
            .History.Where(entry =>
                entry.Event is StepDone { Step: var step }
                && session.ItemOf<SoakItem>(step) is not null
                && session.Reading.Find(step)?.State == StepState.Done
            )
            .Select(entry => entry.Sequence);

    /// <summary>What stood at a moment; null where that cannot be told: something was under way, or what had been begun by then was begun anew since.</summary>
    private (HashSet<string>? Stood, bool IsSure) StoodAt(long at, string[] parts)
    {
        var stood = new HashSet<string>(StringComparer.Ordinal);
        var isSure = true;
        foreach (var part in parts)
        {
            var events = session.History.Where(entry => entry.Event is StepEvent { Step: var step } && step == part);
            var (isBegun, isDone, isLeaving, wasLeft) = (false, false, false, false);
            foreach (var entry in events)
            {
                var isBefore = entry.Sequence < at;
                if (!isBefore && isBegun && wasLeft && entry.Event is Intent)
                    return (null, true);
                wasLeft = entry.Event is StepUndone or StoreRestored || (wasLeft && entry.Event is not Intent);
                if (!isBefore)
                    continue;
                isBegun |= entry.Event is Intent;
                isDone =
                    entry.Event is StepDone || (isDone && entry.Event is not (Intent or StepUndone or StoreRestored));
                isLeaving =
                    entry.Event is UndoIntent or RestoreIntent or UndoFailed
                    || (isLeaving && entry.Event is not Intent);
                if (entry.Event is StepUndone or StoreRestored)
                    (isBegun, isLeaving) = (false, false);
            }
            if (!isBegun)
                continue;
            if (!isDone)
                return (null, true);
            isSure &= !isLeaving;
            stood.Add(part);
        }
        return (stood, isSure);
    }

    /// <summary>A command does not run by itself.</summary>
    private static bool IsPart(Touch touch) =>
        !touch.Resource.StartsWith("shell:", StringComparison.Ordinal)
        && touch.Kind
            is TouchKind.Modify
                or TouchKind.Rename
                or TouchKind.RouteTo
                or TouchKind.RouteAway
                or TouchKind.Destroy;

    private string[] Altered(StepReading step) =>
        [.. TouchesOf(step.Intent!).Where(touch => touch.Kind != TouchKind.Read).Select(touch => touch.Resource)];

    private HashSet<string> StoreOf(Intent saved) =>
        TouchesOf(saved)
            .Where(touch => touch.Kind == TouchKind.BackUp)
            .Select(touch => touch.Resource)
            .ToHashSet(StringComparer.Ordinal);

    private ImmutableArray<Touch> TouchesOf(Intent intent) =>
        Toys.Catalog.Find(intent.Operation)!.TouchesOf(session.Unsealed(intent.Inputs));
}
