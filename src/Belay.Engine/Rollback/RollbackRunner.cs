using System.Collections.Immutable;
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
            var plan = run.Recorder.Read(reading => BackPlan.Of(reading, order.To, run.Catalog, run.Parts.Sealed));
            if (WhyNot(plan, order) is { } why)
                return course.Fail(HaltCause.Boundary, why, order.To);
            if (await AcceptedAsync(way, order, course) is not { } accepted)
                return false;
            // Only now: a rollback that was refused leaves the run as it was, free to go forward.
            await BeginAsync(order, accepted);
            foreach (var move in plan.Moves)
            {
                if (course.Failure is not null || !await OneAsync(move, course))
                    return false;
            }
            return true;
        }
        catch (JournalException e)
        {
            return course.Fail(HaltCause.LeaseLost, e.Message);
        }
        catch (Exception e)
        {
            // Whatever a backup throws while it counts: nothing was touched.
            return course.Fail(HaltCause.UndoFailed, Failures.Typed(e).Message);
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
        && begun.AcceptedCombination == order.AcceptCombination
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

    private Task<bool> OneAsync(BackMove move, Course course) =>
        move switch
        {
            BackMove.Undo undone => undo.UndoStepAsync(undone.Step, course),
            BackMove.Restore restore => new RestoreRunner(run, undo).RestoreAsync(restore.Step, restore.Backup, course),
            BackMove.Covered covered => SkipAsync(covered.Step, $"the restore of '{covered.Backup}' took it back"),
            _ => throw new InvalidOperationException("a move of no known kind"),
        };

    private async Task<bool> SkipAsync(string step, string why)
    {
        await run.Recorder.RecordAsync(new StepUndone { Step = step, Skipped = why });
        return true;
    }

    /// <summary>What speaks against the plan and was not accepted by name. A rollback that is under way was judged when it began.</summary>
    private string? WhyNot(BackPlan plan, RollbackOrder order) =>
        IsUnderWay(order)
            ? null
            : plan
                .Findings.Where(finding =>
                    finding.Code != BackPlan.UnseenCode || order.AcceptCombination != finding.Step
                )
                .Select(finding => $"{finding.Message}; {finding.Hint}")
                .FirstOrDefault();
}
