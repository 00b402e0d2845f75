using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>A change on its way back: intent, undo, observe, result; or the restore of a backup.</summary>
internal sealed partial class ChangeTalk
{
    private async Task UndoAsync()
    {
        await NextAsync();
        if (known is not { HasEffect: true, Intent: { } intent })
        {
            Accuse("it is undone, and nothing of it stands");
            return;
        }
        var (before, after) = (
            Session.Unsealed(intent.Before),
            known.After is { } made ? Session.Unsealed(made) : (JsonElement?)null
        );
        if (Session.Order is Order.Abandon && Session.NextCondition() != Step)
            Accuse($"it is ended, and {Session.NextCondition()} comes first");
        var tries = new Patience(Now, TimeSpan.FromHours(1));
        while (true)
        {
            if (await NextAsync() is not Said.Ask { Question: Question.Undo, First: { } handed, Second: var left })
            {
                Accuse("it was to be undone");
                return;
            }
            if (Session.Durable.Find(Step)?.State != StepState.Undoing)
                Accuse("it is undone, and the intent is not durable");
            if (
                !Json.Same(handed, before)
                || left.HasValue != after.HasValue
                || (after is { } a && !Json.Same(left!.Value, a))
            )
                Accuse("it is undone from other states than are journaled");
            var failure = await WorkedAsync(tries.Left(Now), "");
            if (failure is null)
                break;
            await AttemptFailedAsync(Words(failure));
            if (new Seen(null, null, failure).Kind == FailureKind.Refused || tries.Next(Now) is not { } next)
            {
                await UndoFailedAsync(Words(failure));
                return;
            }
            if (await IsLeftAsync("", "after an undo had failed"))
                return;
            if (Now != next)
                Accuse($"its undo was tried again {TimeSpan.FromTicks(Now - next)} later than it should");
        }
        await UndoneAsync(before, tries);
    }

    private async Task UndoneAsync(JsonElement before, Patience tries)
    {
        while (true)
        {
            var seen = await AskedAsync(Question.Observe);
            if (seen is { Failure: null, State: { } state })
            {
                if (!change.Same(before, state))
                {
                    await UndoFailedAsync(null);
                }
                else if (await WrittenAsync<StepUndone>("it is undone") is { } undone)
                {
                    if (undone.Observed is not { } observed || !Json.Same(Session.Unsealed(observed), state))
                        Accuse("another state is journaled after the undo than was observed");
                }
                return;
            }
            if (seen.Kind == FailureKind.Transient && tries.Next(Now) is { } next)
            {
                if (await IsLeftAsync("", "after its undo"))
                {
                    Session.Owe(Step, null);
                    return;
                }
                if (Now != next)
                    Accuse("it was observed again at another time");
                continue;
            }
            Session.Owe(Step, Words(seen.Failure!));
            return;
        }
    }

    private async Task UndoFailedAsync(string? why)
    {
        if (await WrittenAsync<UndoFailed>("its undo failed") is not { } failed)
            return;
        if (why is not null && failed.Why != why)
            Accuse($"its undo failed with '{why}', and '{failed.Why}' is journaled");
        Session.Add(HaltCause.UndoFailed, Step, failed.Why, "");
    }

    /// <summary>What a restore would lose is counted.</summary>
    private async Task CountAsync()
    {
        var tries = new Patience(began, TimeSpan.FromMinutes(1));
        while (true)
        {
            var seen = await AskedAsync(Question.Count);
            if (seen.Failure is OperationException { Kind: FailureKind.Transient } && tries.Next(Now) is { } next)
            {
                if (await PeekAsync() is Said.End && Session.MayStop(""))
                {
                    Session.Backward?.Way.Counted(Step, null, isStopped: true);
                    return;
                }
                if (Now != next)
                    Accuse("the loss was counted again at another time");
                continue;
            }
            Session.Backward?.Way.Counted(Step, seen.Value as Loss, isStopped: false);
            return;
        }
    }

    /// <summary>A backup is restored and compared. What is journaled of it belongs to the step that is taken back by it.</summary>
    private async Task RestoreAsync()
    {
        var tries = new Patience(began, TimeSpan.FromHours(12));
        var saved = known?.After is { } after ? Session.Unsealed(after) : (JsonElement?)null;
        while (true)
        {
            if (
                await NextAsync() is not Said.Ask { Question: Question.Restore, First: { } handed }
                || saved is not { } made
                || !Json.Same(handed, made)
            )
            {
                Accuse("it is restored from another state than is journaled");
                return;
            }
            var said = await NextAsync();
            while (said is Said.Came)
                said = await NextAsync();
            if (said is not Said.Answer { Failure: var failure })
            {
                Accuse($"it is being restored, and there came {said}");
                return;
            }
            Session.Backward?.Way.Restored(failure is null ? null : Words(failure) ?? "");
            if (failure is null)
                break;
            var next = tries.Next(Now);
            var isRefused = new Seen(null, null, failure).Kind == FailureKind.Refused;
            if (isRefused || await PeekAsync() is Said.End)
            {
                Session.Backward?.Way.RestoreFailed(isRefused || Session.MayStop("") || next is null);
                return;
            }
            if (Now != next)
                Accuse("it was restored again at another time");
        }
        while (true)
        {
            var seen = await AskedAsync(Question.Verify);
            if (
                seen.Kind == FailureKind.Transient
                && seen.Failure is not null
                && tries.Next(Now) is not null
                && await PeekAsync() is not Said.End
            )
                continue;
            Session.Backward?.Way.Verified(seen.Failure is null && seen.Value is Verdict.Holds);
            return;
        }
    }
}
