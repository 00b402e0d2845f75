using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;

namespace SimulatedWorld.Lives.Judges;

/// <summary>The way back: what stands, the last begun first, each as its intent says; nothing is touched before the loss is accepted.</summary>
internal sealed class Way(Session session)
{
    private readonly BackRules rules = new(session);
    private readonly Dictionary<string, Loss> counted = new(StringComparer.Ordinal);
    private readonly HashSet<string> restored = new(StringComparer.Ordinal);
    private Queue<StepReading>? left;
    private bool hasFailed;
    private string? restoring;
    private string? restoreFailure;
    private bool? isVerified;
    private bool isRefusedForGood;
    private long judgedAt = -1;

    private RollbackOrder Told =>
        session.Order is Order.Rollback { Told: var told }
            ? told
            : new()
            {
                Run = Stage.Run,
                By = ((Order.Resume)session.Order).By,
                To = session.Reading.Rollback!.To,
                AcceptLoss = session.Reading.Rollback.AcceptedLoss,
                AcceptCombination = session.Reading.Rollback.AcceptedCombination,
                LossAtMost = session.Reading.Rollback.LossAtMost ?? ImmutableSortedDictionary<string, long>.Empty,
            };

    private bool IsUnderWay =>
        session.Reading is { Status: RunStatus.RollingBack, Rollback: { } begun }
        && begun.To == Told.To
        && begun.AcceptedCombination == Told.AcceptCombination
        && begun.AcceptedLoss.SequenceEqual(Told.AcceptLoss)
        && Told.LossAtMost.All(most => begun.LossAtMost?.GetValueOrDefault(most.Key) == most.Value);

    /// <summary>All that was asked for is taken back: the run is halted there.</summary>
    public bool IsAtItsEnd(HaltCause cause, string? step) =>
        cause == HaltCause.Asked && step is not null && step == Told.To && Begun().Count == 0;

    /// <summary>The loss through a backup was counted, or could not be.</summary>
    public void Counted(string backup, Loss? loss, bool isStopped)
    {
        if (loss is not null)
            counted[backup] = loss;
        if (!isStopped && restoring is null && left is null)
            JudgeLoss(backup, loss);
    }

    /// <summary>A restore ended; null: well.</summary>
    public void Restored(string? failure) => (restoreFailure, isVerified) = (failure, null);

    /// <summary>A restore is not tried again.</summary>
    public void RestoreFailed(bool isRight)
    {
        isRefusedForGood = true;
        if (!isRight)
            session.Accuse($"the restore for {restoring} failed, and was to be tried again");
    }

    public void Verified(bool holds) => isVerified = holds;

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case RollbackStarted started:
                Judge(started);
                break;
            case UndoIntent { Step: var step } when !IsThaw(step):
                if (
                    Next(step, "is undone") is { } undone
                    && (undone.Intent!.Reversal == Reversal.Restore || IsCovered(undone) || IsRestored(undone))
                )
                    session.Accuse($"{step} is undone, and a restore takes it back");
                break;
            case StepUndone { Skipped: not null, Step: var step }:
                if (Next(step, "is passed over") is { } skipped && !IsRestored(skipped) && !IsCovered(skipped))
                    session.Accuse($"{step} is passed over, and no restore took it back");
                Begun().Dequeue();
                break;
            case StepUndone { Step: var step } when !IsThaw(step):
                Next(step, "was undone", begins: false);
                Begun().Dequeue();
                break;
            case RestoreIntent intent:
                Judge(intent);
                break;
            case AttemptFailed failed when failed.Step == restoring:
                if (restoreFailure is null || (restoreFailure.Length > 0 && restoreFailure != failed.Why))
                    session.Accuse($"the restore for {restoring} failed over '{restoreFailure}', not '{failed.Why}'");
                restoreFailure = null;
                break;
            case StoreRestored done:
                if (done.Step != restoring || isVerified != true)
                    session.Accuse($"{done.Step} is restored, and was not compared");
                restored.Add(done.Backup);
                restoring = null;
                Begun().Dequeue();
                break;
            case UndoFailed failed:
                Failed(failed);
                break;
            case RunRolledBack when Begun().Count > 0:
                session.Accuse($"the run went back, and {Begun().Peek().Id} stands");
                break;
            case RunRolledBack when Told.To is not null:
                session.Accuse("the run went back only in part, and is closed");
                break;
            case RunHalted { Cause: HaltCause.Boundary } halted:
                AddBoundary();
                JudgeWords(halted.Why);
                break;
            case RunHalted { Cause: HaltCause.OtherSystem, Step: var step }
                when session.Identities.IsAgainst(null as string):
                session.Add(HaltCause.OtherSystem, step, null, "");
                break;
        }
    }

    private void Failed(UndoFailed failed)
    {
        hasFailed = true;
        if (failed.Step == restoring)
        {
            if (isVerified == true && !isRefusedForGood)
                session.Accuse($"the restore for {restoring} was good, and failed");
            restoring = null;
            session.Add(HaltCause.UndoFailed, failed.Step, failed.Why, "");
        }
        else if (session.Reading.Find(failed.Step)?.Intent?.Reversal == Reversal.Restore)
        {
            session.Add(HaltCause.UndoFailed, failed.Step, failed.Why, "");
        }
    }

    private void Judge(RollbackStarted started)
    {
        if (IsUnderWay)
            session.Accuse("the way back is under way, and begins again");
        if (IsRefused() == true)
            session.Accuse($"the way back to {Told.To} has to be refused, and it began");
        if (
            started.By != Told.By
            || started.To != Told.To
            || started.AcceptedCombination != Told.AcceptCombination
            || !started.AcceptedLoss.SequenceEqual(Told.AcceptLoss)
        )
            session.Accuse($"nobody asked for {started}");
        if (Never() is { } final)
            session.Accuse($"{final} can never be taken back, and the run goes back");
        var most = Told.LossAtMost;
        foreach (var step in Restores())
        {
            if (Unaccepted(step))
                session.Accuse(
                    $"{step.Id} loses {counted.GetValueOrDefault(step.Intent!.Restore!)}, and that is not accepted"
                );
            if (AtMost(step) is { } bound)
                most = most.SetItem(step.Id, bound);
        }
        var lost = started.LossAtMost ?? ImmutableSortedDictionary<string, long>.Empty;
        if (!most.SequenceEqual(lost))
            session.Accuse($"[{string.Join(", ", most)}] may be lost, and [{string.Join(", ", lost)}] is journaled");
        Begun();
    }

    private void Judge(RestoreIntent intent)
    {
        if (Next(intent.Step, "is restored") is not { } step)
            return;
        if (
            step.Intent!.Reversal != Reversal.Restore
            || step.Intent.Restore != intent.Backup
            || restored.Contains(intent.Backup)
        )
            session.Accuse($"{intent.Step} is restored from {intent.Backup}");
        if (!counted.TryGetValue(intent.Backup, out var loss) || loss.Count != intent.Loss.Count)
            session.Accuse($"{intent.Step} loses {loss?.Count}, and {intent.Loss.Count} is journaled");
        if (session.Identities.AreKnown && judgedAt != session.Now)
            session.Accuse($"{intent.Step} is restored, and its systems were not compared");
        (restoring, isRefusedForGood, isVerified) = (intent.Step, false, null);
    }

    /// <summary>The systems were compared.</summary>
    public void Compared() => judgedAt = session.Now;

    private void JudgeLoss(string backup, Loss? loss)
    {
        if (IsRefused() == true || Never() is not null)
            session.Accuse($"the loss through {backup} is counted, and the way back has to be refused");
        if (loss is null)
        {
            session.Add(HaltCause.UndoFailed, null, null, "");
            return;
        }
        if (Restores().Find(step => step.Intent!.Restore == backup) is { } first && Unaccepted(first))
            session.Add(HaltCause.Boundary, first.Id, null, "");
    }

    /// <summary>What a halt at the boundary may be about: something final, or a loss that grew.</summary>
    private void AddBoundary()
    {
        if (left is null && Never() is { } final)
            session.Add(HaltCause.Boundary, final, $"'{final}' cannot be taken back{Offer(final)}", "");
        else if (left is null && IsRefused() != false)
            session.Add(HaltCause.Boundary, Told.To, null, "");
        if (
            left is { Count: > 0 }
            && left.Peek() is { Intent.Restore: { } backup } next
            && counted.TryGetValue(backup, out var loss)
            && session.Reading.Rollback?.LossAtMost?.TryGetValue(next.Id, out var most) == true
            && loss.Count > most
        )
            session.Add(HaltCause.Boundary, next.Id, null, "");
    }

    /// <summary>Whether what speaks against the way back ends it before anything is counted; null: either is right.</summary>
    private bool? IsRefused() =>
        IsUnderWay ? false
        : rules.TakesMore(Told.To, RestoredBefore()) ? true
        : Told.To is not { } to || Told.AcceptCombination == to ? false
        : !rules.WasSeen(to);

    /// <summary>A refusal leads only to where the way back is free.</summary>
    private void JudgeWords(string why)
    {
        const string Lead = "go back to what was: belay rollback --to ";
        var better = why.IndexOf(Lead, StringComparison.Ordinal) is >= 0 and var at
            ? why[(at + Lead.Length)..].Split(',')[0]
            : null;
        if (why.Contains("never seen working", StringComparison.Ordinal) && better != rules.Better(Told.To!))
            session.Accuse($"a refusal leads to '{better}', and '{rules.Better(Told.To!)}' is free");
    }

    private string Offer(string final) =>
        Standing().TakeWhile(step => step.Id != final).LastOrDefault() is { } later
            ? $"; what came after it can: belay rollback --to {later.Id}"
            : ": resume, or abandon";

    private IEnumerable<string> RestoredBefore() =>
        session.History.Select(entry => entry.Event).OfType<StoreRestored>().Select(done => done.Backup);

    private bool Unaccepted(StepReading step) =>
        !counted.TryGetValue(step.Intent!.Restore!, out var loss)
        || !Told.AcceptLoss.Contains(step.Id)
        || loss.Count > AtMost(step);

    private long? AtMost(StepReading step) =>
        Told.LossAtMost.TryGetValue(step.Id, out var given) ? given
        : IsUnderWay && session.Reading.Rollback!.LossAtMost?.TryGetValue(step.Id, out var before) == true ? before
        : counted.GetValueOrDefault(step.Intent!.Restore!)?.Count * 2;

    private string? Never() => Standing().Find(step => step.Intent!.Reversal == Reversal.Never)?.Id;

    private List<StepReading> Restores() =>
        [
            .. Standing()
                .Where(step => step.Intent!.Reversal == Reversal.Restore)
                .DistinctBy(step => step.Intent!.Restore),
        ];

    private List<StepReading> Standing() => rules.Standing(Told.To);

    private Queue<StepReading> Begun()
    {
        if (left is not null)
            return left;
        restored.UnionWith(RestoredBefore());
        return left = new Queue<StepReading>(Standing());
    }

    // What was under way when somebody asked for a halt may come to its end.
    private StepReading? Next(string step, string what, bool begins = true)
    {
        if (!IsUnderWay && session.Order is not Order.Rollback)
            session.Accuse($"{step} {what}, and the way back has not begun");
        if (Begun().Count > 0 && Begun().Peek().Id == step && !hasFailed)
        {
            if (begins && session.MustStop(""))
                session.Accuse($"{step} {what}, and the run had stopped");
            return Begun().Peek();
        }
        session.Accuse($"{step} {what}, and {(Begun().Count == 0 ? "nothing" : Begun().Peek().Id)} comes next");
        return null;
    }

    private bool IsThaw(string step) =>
        left is null
        && session
            .Plan.AllItems()
            .Concat(session.Reading.Start!.Plan.AllItems())
            .OfType<DuringItem>()
            .Any(during => during.Condition.Id == PlanOrder.Split(step).Id && during.Mode == DuringMode.Freeze);

    private bool IsRestored(StepReading step) => step.Intent!.Restore is { } backup && restored.Contains(backup);

    private bool IsCovered(StepReading step) =>
        step.Intent!.Reversal != Reversal.Restore && restored.Any(backup => rules.IsCovered(step, backup));
}
