using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Rollback;

/// <summary>Takes a run back: refuses what cannot be done before it touches anything, then undoes step by step, the last begun first.</summary>
internal sealed class RollbackRunner(RunContext run)
{
    private readonly UndoRunner undo = new(run);

    /// <returns>True when all that was asked is taken back; false when the course stopped.</returns>
    public async Task<bool> RunAsync(RollbackOrder order, Course course)
    {
        try
        {
            var way = run.Recorder.Read(reading => WayBack.Of(reading, order.To));
            if (way.Never is [var final, ..])
                return course.Fail(HaltCause.Boundary, $"'{final}' cannot be taken back{Offer(way, final)}", final);
            if (await AcceptedAsync(way, order, course) is not { } accepted)
                return false;
            // Only now: a rollback that was refused leaves the run as it was, free to go forward.
            await BeginAsync(order, accepted);
            var restored = RestoredBefore();
            foreach (var step in way.Steps)
            {
                if (course.Failure is not null || !await OneAsync(step, restored, course))
                    return false;
            }
            return true;
        }
        catch (JournalException e)
        {
            return course.Fail(HaltCause.LeaseLost, e.Message);
        }
        catch (OperationException e)
        {
            return course.Fail(HaltCause.UndoFailed, e.Message);
        }
    }

    private Task BeginAsync(RollbackOrder order, ImmutableSortedDictionary<string, long> accepted) =>
        IsUnderWay(order)
            ? Task.CompletedTask
            : run.Recorder.RecordAsync(order.Word with { LossAtMost = order.LossAtMost.SetItems(accepted) });

    /// <summary>A resume goes on with the rollback that a halt or a crash interrupted.</summary>
    private bool IsUnderWay(RollbackOrder order) =>
        run.Recorder.Reading is { Status: RunStatus.RollingBack, Rollback: { } begun }
        && begun.To == order.To
        && begun.AcceptedLoss.SequenceEqual(order.AcceptLoss)
        && order.LossAtMost.All(most => begun.LossAtMost?.GetValueOrDefault(most.Key) == most.Value);

    /// <summary>Counts what each restore would lose now, and whether somebody has accepted that much.</summary>
    /// <returns>How much each step may lose at most; null when the course stopped because more is at stake.</returns>
    private async Task<ImmutableSortedDictionary<string, long>?> AcceptedAsync(
        WayBack way,
        RollbackOrder order,
        Course course
    )
    {
        var accepted = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var step in way.Restores.DistinctBy(step => step.Backup, StringComparer.Ordinal))
        {
            var loss = await new RestoreRunner(run, undo).CountAsync(step.Backup!, course);
            var most = AtMost(step.Step, loss, order);
            if (!order.AcceptLoss.Contains(step.Step) || loss.Count > most)
            {
                RestoreRunner.Ask(step.Step, step.Backup!, loss, most, course);
                return null;
            }
            if (most is { } bound)
                accepted[step.Step] = bound;
        }
        return accepted.ToImmutable();
    }

    private long? AtMost(string step, Loss loss, RollbackOrder order) =>
        order.LossAtMost.TryGetValue(step, out var given) ? given
        : run.Recorder.Reading.Rollback?.LossAtMost?.TryGetValue(step, out var before) == true && IsUnderWay(order)
            ? before
        : loss.Count * 2;

    private static string Offer(WayBack way, string final)
    {
        var later = way.Steps.TakeWhile(step => step.Step != final).Select(step => step.Step).LastOrDefault();
        return later is null ? ": resume, or abandon" : $"; what came after it can: belay rollback --to {later}";
    }

    private async Task<bool> OneAsync(WayBackStep step, HashSet<string> restored, Course course)
    {
        if (step.Backup is { } done && restored.Contains(done))
            return await SkipAsync(step.Step, $"the restore of '{done}' took it back");
        if (step.Reversal == Reversal.Restore)
        {
            if (!await new RestoreRunner(run, undo).RestoreAsync(step.Step, step.Backup!, course))
                return false;
            restored.Add(step.Backup!);
            return true;
        }
        if (restored.FirstOrDefault(backup => IsCoveredBy(step.Step, backup)) is { } covering)
            return await SkipAsync(step.Step, $"the restore of '{covering}' took it back");
        return await undo.UndoStepAsync(step.Step, course);
    }

    private async Task<bool> SkipAsync(string step, string why)
    {
        await run.Recorder.RecordAsync(new StepUndone { Step = step, Skipped = why });
        return true;
    }

    /// <summary>What an earlier, interrupted rollback of this run has restored already.</summary>
    private HashSet<string> RestoredBefore() =>
        run.Recorder.Read(reading =>
            reading
                .Milestones.Select(entry => entry.Event)
                .OfType<StoreRestored>()
                .Select(e => e.Backup)
                .ToHashSet(StringComparer.Ordinal)
        );

    /// <summary>A restore makes the undos inside its store unnecessary: of steps after the backup that altered nothing else.</summary>
    private bool IsCoveredBy(string step, string backup)
    {
        var (changed, saved) = (run.Recorder.Find(step)!, run.Recorder.Find(backup)!);
        if (changed.Order <= saved.Order)
            return false;
        var store = Touched(saved)
            .Where(touch => touch.Kind == TouchKind.BackUp)
            .Select(touch => touch.Resource)
            .ToHashSet(StringComparer.Ordinal);
        var altered = Touched(changed)
            .Where(touch => touch.Kind != TouchKind.Read)
            .Select(touch => touch.Resource)
            .ToArray();
        return altered.Length > 0 && altered.All(store.Contains);
    }

    private ImmutableArray<Touch> Touched(StepReading step)
    {
        try
        {
            return run.Catalog.Find(step.Intent!.Operation)?.TouchesOf(run.Sealing.Unseal(step.Intent.Inputs)) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
