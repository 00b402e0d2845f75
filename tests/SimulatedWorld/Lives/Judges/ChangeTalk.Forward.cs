using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>A change on its way forward: observe, plan, intent, apply, observe, result.</summary>
internal sealed partial class ChangeTalk
{
    private Patience patience = null!;

    private async Task ForwardAsync()
    {
        patience = new Patience(began, item!.Limit);
        if (known is { State: StepState.Done })
            Accuse("it is done, and begins again");
        Session.Forward!.Resumption.Begin();
        Session.Forward.Inputs.Judge(this, item, Made.Inputs);
        if (Session.Stage.Store.NoWatchdog is not null && Session.Forward.Freezes.IsFreeze(Step))
            Accuse("it freezes, and no watchdog can be armed");
        if (item.Impact is { } impact)
            Session.Forward.Impacts.Begin(Step, impact);
        if (known is { Intent: { } intent, State: not StepState.Undone })
        {
            await SettleAsync(intent.Difference, Session.Unsealed(intent.Before), failed: null);
            return;
        }
        if (await StateAsync() is not { } before)
            return;
        var left = change.Plan(before);
        if (left.IsEmpty)
            await DoneAsync(before, alreadyDone: true, adopted: false);
        else
            await ApplyAsync(before, left, attempt: 1);
    }

    /// <returns>Null: it could not be observed, and this is the end of it.</returns>
    private async Task<JsonElement?> StateAsync()
    {
        var seen = await ObservedAsync(patience, suffix);
        if (seen is null)
            return null;
        if (seen.Failure is null)
            return seen.State;
        Refused(seen);
        return null;
    }

    private async Task ApplyAsync(JsonElement before, Difference left, int attempt)
    {
        var planned = Boundary.ReversalOf(item!, Toys.Catalog);
        if (left.Reversal > planned)
        {
            Session.Add(HaltCause.Drifted, Step, null, suffix);
            return;
        }
        if (Session.Forward!.Approvals.WhyGrown(Step, left) is { } approval)
        {
            if (await WrittenAsync<DifferenceGrew>("more than was approved") is { } grew)
            {
                if (grew.Approval != approval || !grew.Now.SequenceEqual(left.Lines))
                    Accuse($"it grew to {string.Join("; ", left.Lines)}, not {string.Join("; ", grew.Now)}");
                Session.Forward.Approvals.Voids(approval);
                Session.Add(HaltCause.Drifted, Step, null, "");
            }
            return;
        }
        if (!await MayBeginAsync(planned))
            return;
        var intent = await WrittenAsync<Intent>("everything is ready");
        if (intent is null)
            return;
        Judge(intent, before, left, planned, attempt);
        if (Session.MustStop(suffix))
            Accuse("it began after the run had stopped");
        if (await NextAsync() is not Said.Ask { Question: Question.Apply, First: { } handed })
        {
            Accuse("its intent is journaled, and it is not applied");
            return;
        }
        if (!Json.Same(handed, before))
            Accuse("it is applied on another state than was observed");
        if (Session.Durable.Find(Step) is not { } durable || durable.Attempts != attempt)
            Accuse($"attempt {attempt} is applied, and its intent is not durable");
        var failure = await WorkedAsync(patience.Left(Now), suffix);
        await AppliedAsync(intent, before, failure);
    }

    /// <summary>The comparison of systems, the age of the backup, the proofs of disuse.</summary>
    private async Task<bool> MayBeginAsync(Reversal planned)
    {
        var isFinal = planned != Reversal.Exact || item!.Operation == "toy.end";
        if (isFinal && Session.Identities.IsAgainst(Made.Inputs))
        {
            Session.Add(HaltCause.OtherSystem, Step, null, suffix);
            return false;
        }
        else if (isFinal && Session.Identities.AreKnown)
        {
            if (await IsLeftAsync(suffix, "before its systems were compared"))
                return false;
            await WrittenAsync<IdentityCompared>("it cannot be taken back exactly");
        }
        if (Session.Forward!.Proofs.IsBackupTooOld(item!, suffix))
        {
            Session.Add(HaltCause.Drifted, Step, null, suffix);
            return false;
        }
        if (await PeekAsync() is Said.End)
        {
            if (!Session.Forward.Proofs.Failed() && !Session.MayStop(suffix))
                Accuse("it was not begun, and nothing speaks against it");
            return false;
        }
        Session.Forward.Proofs.JudgeBefore(item!, Step, began);
        return true;
    }

    private void Judge(Intent intent, JsonElement before, Difference left, Reversal planned, int attempt)
    {
        if (intent.Attempt != attempt)
            Accuse($"this is attempt {attempt}, not {intent.Attempt}");
        if (intent.Operation != item!.Operation || intent.Restore != item.Restore || intent.Reversal != planned)
            Accuse($"its intent says {intent.Operation}, {intent.Reversal} by {intent.Restore}");
        if (!Json.Same(Session.Unsealed(intent.Before), before))
            Accuse("its intent holds another state before");
        if (!intent.Difference.Equals(left))
            Accuse("its intent holds another difference");
        if (!Json.Same(Session.Unsealed(intent.Inputs), Made.Inputs))
            Accuse("its intent holds other inputs");
        Session.Unsecret(Step, intent.Before, intent.Inputs);
    }

    /// <summary>Work that is under way, until it ends or is ended.</summary>
    /// <returns>How it failed; null: it did not.</returns>
    private async Task<Exception?> WorkedAsync(TimeSpan limit, string of)
    {
        var start = Now;
        while (true)
        {
            switch (await NextAsync())
            {
                case Said.Wrote { Event: ChildStarted or ChildEnded }:
                    break;
                case Said.Came came:
                    var said = await WrittenAsync<Progressed>("it came further");
                    if (said is not null && said.Progress.Message != came.Progress.Message)
                        Accuse("other progress is journaled than was made");
                    break;
                case Said.Answer { Failure: OperationCanceledException { Message: var words } failure }
                    when !words.StartsWith("simulated", StringComparison.Ordinal):
                    JudgeStop(TimeSpan.FromTicks(Now - start), limit, of, failure is NotWaitedFor);
                    return failure;
                case Said.Answer answer:
                    return answer.Failure;
                case var other:
                    Accuse($"it is under way, and there came {other}");
                    return null;
            }
        }
    }

    /// <summary>Work ends at its limit, or when the run has stopped for a while; what does not listen has as long again.</summary>
    private void JudgeStop(TimeSpan lasted, TimeSpan limit, string of, bool isDeaf)
    {
        var more = isDeaf ? Session.Grace : TimeSpan.Zero;
        if (lasted != limit + more && !Session.HasStoppedFor(Session.Grace + more, of))
            Accuse($"nobody waited for it any more after {lasted}; its limit is {limit}");
    }

    private async Task AppliedAsync(Intent intent, JsonElement before, Exception? failure)
    {
        switch (failure is null ? null : new Seen(null, null, failure).Kind as FailureKind?)
        {
            case null:
                if (await StateAsync() is { } after)
                    await VerifiedAsync(intent, before, after);
                break;
            case FailureKind.Refused:
                await FailedAsync(FailureKind.Refused, Words(failure!));
                break;
            case FailureKind.Transient:
                await AttemptFailedAsync(Words(failure!));
                if (!await PausedAsync(FailureKind.Transient, Words(failure!)))
                    return;
                if (await StateAsync() is not { } observed)
                    return;
                if (change.Plan(observed).IsEmpty)
                    await DoneAsync(observed, alreadyDone: false, adopted: true);
                else
                    await ApplyAsync(before, intent.Difference, intent.Attempt + 1);
                break;
            default:
                await AttemptFailedAsync(Words(failure!));
                await SettleAsync(intent.Difference, before, Words(failure!) ?? "");
                break;
        }
    }

    private async Task VerifiedAsync(Intent intent, JsonElement before, JsonElement after)
    {
        var left = change.Plan(after);
        var isBlind = change.Repeat == Repeat.Never && change.Same(before, after) && left.Equals(intent.Difference);
        if (left.IsEmpty || isBlind)
            await DoneAsync(after, alreadyDone: false, adopted: false);
        else
            await FailedAsync(FailureKind.Refused, null);
    }

    private async Task SettleAsync(Difference intended, JsonElement before, string? failed)
    {
        while (true)
        {
            if (await StateAsync() is not { } observed)
                return;
            var trace = (TokenTrace?)null;
            if (change.Tokens is not null)
            {
                var found = await FoundAsync();
                if (found is null)
                    return;
                trace = found;
            }
            var left = change.Plan(observed);
            var word = Session.Reading.Find(Step)!.Resolution?.Happened;
            if (left.IsEmpty || trace == TokenTrace.Done || (trace != TokenTrace.Running && word == true))
            {
                await DoneAsync(observed, alreadyDone: false, adopted: true);
                return;
            }
            if (trace == TokenTrace.Running)
            {
                if (!await PausedAsync(kind: null, null))
                    return;
                continue;
            }
            if (word != false && !MayRepeat(intended, left, before, observed))
            {
                if (await WrittenAsync<StepInDoubt>("nobody can tell") is { } doubt)
                    Session.Add(HaltCause.InDoubt, Step, doubt.Why, suffix);
                return;
            }
            var attempt = Session.Reading.Find(Step)!.Attempts + 1;
            // A pause is foretold before the next word is awaited: it begins now.
            if (failed is not null && !await PausedAsync(FailureKind.OutcomeUnknown, failed))
                return;
            if (failed is null && Session.MayStop(suffix) && await PeekAsync() is Said.End)
                return;
            await ApplyAsync(before, left, attempt);
            return;
        }
    }

    private bool MayRepeat(Difference intended, Difference left, JsonElement before, JsonElement observed)
    {
        if (change.Repeat == Repeat.ByToken)
            return true;
        var ours = left.Lines.All(line => intended.Lines.Any(said => said.What == line.What && said.To == line.To));
        return change.Repeat == Repeat.Safe
            && (change.Same(before, observed) || (ours && left.Reversal <= intended.Reversal));
    }

    private async Task<TokenTrace?> FoundAsync()
    {
        while (true)
        {
            var seen = await AskedAsync(Question.Find);
            if (seen.Failure is null)
                return (TokenTrace)seen.Value!;
            if (seen.Kind == FailureKind.Transient && patience.Next(Now) is { } next)
            {
                if (await IsLeftAsync(suffix, "while it looked for the token"))
                    return null;
                if (Now != next)
                    Accuse("the token was looked for again at another time");
                continue;
            }
            Refused(seen);
            return null;
        }
    }

    /// <summary>A pause before the next try; without a kind of failure what the limit ends is in doubt.</summary>
    private async Task<bool> PausedAsync(FailureKind? kind, string? why)
    {
        if (patience.Next(Now) is not { } next)
        {
            if (Session.MayStop(suffix) && await PeekAsync() is Said.End)
                return false;
            if (kind is { } failure)
                await FailedAsync(failure, why, isBeginning: true);
            else if (await WrittenAsync<StepInDoubt>("the target works on it for too long") is { } doubt)
                Session.Add(HaltCause.InDoubt, Step, doubt.Why, suffix);
            return false;
        }
        // At the end of the pause something else may speak against going on: a backup that the clock has made too old.
        if (
            await PeekAsync() is Said.End
            && (Now != next || Session.MayStop(suffix))
            && await IsLeftAsync(suffix, "while it waited to try again")
        )
            return false;
        if (Now != next)
            Accuse($"it was tried again after {TimeSpan.FromTicks(Now - next)} more than it should");
        return true;
    }

    private async Task AttemptFailedAsync(string? why)
    {
        var failed = await WrittenAsync<AttemptFailed>("an attempt failed");
        if (failed is not null && why is not null && failed.Why != why)
            Accuse($"an attempt failed with '{why}', and '{failed.Why}' is journaled");
    }

    private async Task FailedAsync(FailureKind kind, string? why, bool isBeginning = false)
    {
        if (await WrittenAsync<StepFailed>("it failed") is not { } failed)
            return;
        if (failed.Failure != kind)
            Accuse($"it failed as {kind}, and {failed.Failure} is journaled");
        if (
            why is not null
            && failed.Why != why
            && !(isBeginning && failed.Why.StartsWith(why, StringComparison.Ordinal))
        )
            Accuse($"it failed with '{why}', and '{failed.Why}' is journaled");
        Session.Add(HaltCause.StepFailed, Step, failed.Why, suffix);
    }

    /// <summary>The operation is let go of, and then the step fails; what is told to stop is no failure of the step.</summary>
    private void Refused(Seen seen) =>
        Session.Forward!.Inputs.Owe(
            Step,
            seen.Kind,
            Words(seen.Failure!),
            isSure: seen.Failure is not OperationCanceledException || !Session.MayStop(suffix)
        );

    private async Task DoneAsync(JsonElement after, bool alreadyDone, bool adopted)
    {
        if (await WrittenAsync<StepDone>("it is done") is not { } done)
            return;
        if (done.AlreadyDone != alreadyDone || done.Adopted != adopted)
            Accuse($"it is journaled as done before: {done.AlreadyDone}, adopted: {done.Adopted}");
        if (done.After is not { } state || !Json.Same(Session.Unsealed(state), after))
            Accuse("another state after is journaled than was observed");
        else
            Session.Unsecret(Step, state);
    }

    /// <summary>The words of a failure as they are journaled; null: they are the engine's own.</summary>
    private static string? Words(Exception failure) => (failure as OperationException)?.Message;
}
