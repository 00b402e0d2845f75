using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Carries one change forward: observe, plan, journal the intent, apply, observe, journal the result.</summary>
internal sealed class ChangeRunner(RunContext run)
{
    /// <returns>True when the change is done and verified; false when the course stopped.</returns>
    public async Task<bool> RunAsync(DoItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        try
        {
            var inputs = InputResolver.Resolve(item.With, run, course);
            await using var change = DefinitionOf(item.Operation).Create(inputs, run.ScopeOf(step));
            return await new OneChange(run, course, item, step, inputs, change).RunAsync();
        }
        catch (Exception e) when (e is not JournalException)
        {
            return await RefuseAsync(step, course, Failures.Typed(e));
        }
    }

    private async Task<bool> RefuseAsync(string step, Course course, OperationException why)
    {
        // A course that stops cancels what waits; that is no failure of the step.
        if (course.Failure is not null && why.InnerException is OperationCanceledException)
            return false;
        await run.Recorder.RecordAsync(
            new StepFailed
            {
                Step = step,
                Failure = why.Kind,
                Why = why.Message,
            }
        );
        return course.Fail(HaltCause.StepFailed, why.Message, step);
    }

    private ChangeDefinition DefinitionOf(string operation) =>
        run.Catalog.Find(operation) as ChangeDefinition
        ?? throw OperationException.Refused($"there is no change '{operation}'");

    /// <summary>One change on its way.</summary>
    private sealed class OneChange(
        RunContext run,
        Course course,
        DoItem item,
        string step,
        JsonElement inputs,
        BoundChange change
    )
    {
        private readonly Attempts attempts = new(run, course, item.Limit);

        public async Task<bool> RunAsync()
        {
            var known = run.Recorder.Find(step);
            // After an undo the step begins anew; anything else that was begun must be settled first.
            if (known is { Intent: { } intent, State: not StepState.Undone })
                return await SettleAsync(intent, run.Sealing.Unseal(intent.Before));

            var before = await ObserveAsync();
            var difference = change.Plan(before);
            if (difference.IsEmpty)
                return await DoneAsync(before, alreadyDone: true);
            return await ApplyAsync(before, difference, attempt: 1);
        }

        /// <summary>Intent, effect, verification.</summary>
        private async Task<bool> ApplyAsync(JsonElement before, Difference difference, int attempt)
        {
            var planned = Boundary.ReversalOf(item, run.Catalog);
            if (difference.Reversal > planned)
                return course.Fail(
                    HaltCause.Drifted,
                    $"'{step}' can now be taken back only by '{Words(difference.Reversal)}'; the plan says '{Words(planned)}'",
                    step
                );
            if (
                await GrewAsync(difference)
                || !await AreKnownAsync(planned)
                || !await new Proofs(run).StandAsync(item, step, inputs, course)
                || course.Failure is not null
            )
                return false;

            var intent = new Intent
            {
                Step = step,
                Attempt = attempt,
                Operation = item.Operation,
                Inputs = run.Sealing.Seal(inputs),
                Before = run.Sealing.Seal(before),
                Difference = difference,
                Reversal = planned,
                Restore = item.Restore,
            };
            await run.Recorder.RecordAsync(intent);
            if (!run.Lease.StillHeld)
                return course.Fail(
                    HaltCause.LeaseLost,
                    "the environment's lease was lost: another Belay may be at work on it",
                    step
                );

            var failure = await Effect.RunAsync(run, course, step, attempts.Left, ct => change.ApplyAsync(before, ct));
            return failure is null
                ? await VerifyAsync(intent, before)
                : await AfterFailureAsync(intent, before, failure);
        }

        /// <summary>Whether the change would do more than what people were shown when they approved it; then their approval counts no more.</summary>
        private async Task<bool> GrewAsync(Difference now)
        {
            var known = run.Recorder.Read(reading => reading.ApprovedChanges.GetValueOrDefault(step));
            if (known is not { Shown.IsBinding: true } || known.Shown.Grown(now) is [])
                return false;
            var shown = known.Shown.Difference ?? [];
            run.Recorder.Note(
                new DifferenceGrew
                {
                    Step = step,
                    Approval = known.Approval,
                    Approved = shown,
                    Now = now.Lines,
                }
            );
            var why =
                $"'{step}' would do more than was approved in '{known.Approval}'; now: {Words(now.Lines)}; approved: {Words(shown)}";
            run.Recorder.Note(new ApprovalVoided { Step = known.Approval, Why = why });
            // The whole run, and before anything else can begin: nothing else stands on that approval either.
            run.Root.Fail(HaltCause.Drifted, $"{why}; belay resume asks for a new approval", step);
            await run.Recorder.CommitAsync();
            return true;
        }

        private Task<bool> AreKnownAsync(Reversal planned) =>
            StrangerGate.OpenAsync(run, course, step, run.Catalog.Find(item.Operation)!, inputs, planned);

        private async Task<bool> VerifyAsync(Intent intent, JsonElement before)
        {
            var after = await ObserveAsync();
            var left = change.Plan(after);
            if (left.IsEmpty)
                return await DoneAsync(after);
            // A change without a check of its own cannot see its work: its successful end is all there is.
            if (change.Repeat == Repeat.Never && change.Same(before, after) && left.Equals(intent.Difference))
                return await DoneAsync(after);
            return await FailAsync(
                FailureKind.Refused,
                $"it ended without an error, but is not done: {Words(left.Lines)} is left to do"
            );
        }

        private async Task<bool> AfterFailureAsync(Intent intent, JsonElement before, OperationException failure)
        {
            switch (failure.Kind)
            {
                case FailureKind.Refused:
                    return await FailAsync(failure.Kind, failure.Message);
                case FailureKind.Transient:
                    run.Recorder.Note(new AttemptFailed { Step = step, Why = failure.Message });
                    if (!await attempts.PauseAsync(course.Stopping))
                        return await FailAsync(
                            failure.Kind,
                            $"{failure.Message} (tried for {Duration.Format(item.Limit)})"
                        );
                    var observed = await ObserveAsync();
                    return change.Plan(observed).IsEmpty
                        ? await DoneAsync(observed, adopted: true)
                        : await ApplyAsync(before, intent.Difference, intent.Attempt + 1);
                default:
                    run.Recorder.Note(new AttemptFailed { Step = step, Why = failure.Message });
                    return await SettleAsync(intent, before, failure.Message);
            }
        }

        /// <summary>Decides by observation on a change whose result is not known.</summary>
        private async Task<bool> SettleAsync(Intent intent, JsonElement before, string? failure = null)
        {
            while (true)
            {
                var observed = await ObserveAsync();
                var trace = change.Tokens is { } tokens
                    ? await attempts.UntilAnsweredAsync(tokens.FindAsync)
                    : (TokenTrace?)null;
                var word = run.Recorder.Find(step)!.Resolution?.Happened;
                switch (
                    Settlement.Decide(
                        change.Repeat,
                        intent.Difference,
                        change.Plan(observed),
                        change.Same(before, observed),
                        trace,
                        word
                    )
                )
                {
                    case Settlement.Adopt:
                        return await DoneAsync(observed, adopted: true);
                    case Settlement.Apply when course.Failure is not null:
                        return false;
                    case Settlement.Apply when failure is null || await attempts.PauseAsync(course.Stopping):
                        return await ApplyAsync(before, change.Plan(observed), run.Recorder.Find(step)!.Attempts + 1);
                    case Settlement.Apply:
                        return await FailAsync(
                            FailureKind.OutcomeUnknown,
                            $"{failure} (tried for {Duration.Format(item.Limit)})"
                        );
                    case Settlement.Await when await attempts.PauseAsync(course.Stopping):
                        continue;
                    case Settlement.Await:
                        return await DoubtAsync(
                            $"the target is still at work on it after {Duration.Format(item.Limit)}"
                        );
                    case Settlement.Doubt doubt:
                        return await DoubtAsync(failure is null ? doubt.Why : $"{failure}; {doubt.Why}");
                }
            }
        }

        private Task<JsonElement> ObserveAsync() => attempts.UntilAnsweredAsync(change.ObserveAsync);

        private async Task<bool> DoneAsync(JsonElement after, bool alreadyDone = false, bool adopted = false)
        {
            await run.Recorder.RecordAsync(
                new StepDone
                {
                    Step = step,
                    After = run.Sealing.Seal(after),
                    AlreadyDone = alreadyDone,
                    Adopted = adopted,
                }
            );
            return true;
        }

        private async Task<bool> FailAsync(FailureKind kind, string why)
        {
            await run.Recorder.RecordAsync(
                new StepFailed
                {
                    Step = step,
                    Failure = kind,
                    Why = why,
                }
            );
            return course.Fail(HaltCause.StepFailed, why, step);
        }

        private async Task<bool> DoubtAsync(string why)
        {
            await run.Recorder.RecordAsync(new StepInDoubt { Step = step, Why = why });
            return course.Fail(HaltCause.InDoubt, why, step);
        }

        private static string Words(Reversal reversal) => reversal.ToString().ToLowerInvariant();

        private static string Words(ImmutableArray<DifferenceLine> lines) =>
            lines.IsEmpty ? "nothing"
            : lines.Length > 3 ? $"{Words(lines[..3])}; and {lines.Length - 3} more"
            : string.Join("; ", lines.Select(Words));

        private static string Words(DifferenceLine line) =>
            $"{line.What}: {line.From ?? "nothing"} → {line.To ?? "nothing"}";
    }
}
