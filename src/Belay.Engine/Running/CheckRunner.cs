using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Asks a check: once, until it holds within a time, and for as long as it must go on holding. No data is not a pass.</summary>
internal sealed class CheckRunner(RunContext run)
{
    /// <summary>A target that has not answered one question by then never will.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(1);

    /// <returns>True when it held; false when the course stopped.</returns>
    public async Task<bool> RunAsync(CheckItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        try
        {
            var inputs = InputResolver.Resolve(item.With, run, course);
            var definition =
                run.Catalog.Find(item.Operation) as CheckDefinition
                ?? throw OperationException.Refused($"there is no check '{item.Operation}'");
            await using var check = definition.Create(inputs, run.ScopeOf(step));
            run.Recorder.Note(new StepStarted { Step = step });
            var last = await new OneCheck(run, item, step, check).UntilDecidedAsync(course.Stopping);
            return await EndAsync(step, course, last);
        }
        catch (OperationCanceledException) when (course.Failure is not null)
        {
            return false;
        }
        catch (Exception e) when (e is not JournalException)
        {
            return await EndAsync(step, course, new Asked(Answer.Unknown, Failures.Typed(e).Message, null));
        }
    }

    private async Task<bool> EndAsync(string step, Course course, Asked last)
    {
        if (last.Answer == Answer.Holds)
        {
            run.Recorder.Note(new StepDone { Step = step, After = run.Sealing.Seal(last.Observed) });
            return true;
        }
        var why = last.Why ?? "it does not hold";
        await run.Recorder.RecordAsync(
            new StepFailed
            {
                Step = step,
                Failure = last.Answer == Answer.Unknown ? FailureKind.OutcomeUnknown : FailureKind.Refused,
                Why = why,
            }
        );
        return course.Fail(HaltCause.CheckFailed, why, step);
    }

    /// <summary>Asks once. A check that cannot read says so; it never passes.</summary>
    internal static async Task<Asked> AskAsync(BoundCheck check, CancellationToken ct)
    {
        try
        {
            var observed = await check.ObserveAsync(ct);
            return check.Judge(observed) switch
            {
                Verdict.Holds => new Asked(Answer.Holds, null, observed),
                Verdict.NotYet wait => new Asked(Answer.NotYet, wait.Why, observed),
                Verdict.Broken broken => new Asked(Answer.Broken, broken.Why, observed),
                _ => throw new InvalidOperationException("a verdict of no known kind"),
            };
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return new Asked(Answer.Unknown, Failures.Typed(e).Message, null);
        }
    }

    /// <summary>Asks once, and does not wait for ever: a target that hangs must not hang the run.</summary>
    /// <exception cref="OperationCanceledException">The course stopped.</exception>
    internal static async Task<Asked> AskInTimeAsync(BoundCheck check, TimeProvider clock, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(LongestAnswer, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        try
        {
            // A target that does not even listen is not waited for.
            return await AskAsync(check, end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return new Asked(Answer.Unknown, $"no answer within {Duration.Format(LongestAnswer)}", null);
        }
    }

    /// <summary>An answer of a check.</summary>
    internal sealed record Asked(Answer Answer, string? Why, JsonElement? Observed);

    /// <summary>One check on its way.</summary>
    private sealed class OneCheck(RunContext run, CheckItem item, string step, BoundCheck check)
    {
        private (Answer Answer, string? Why)? journaled;

        public async Task<Asked> UntilDecidedAsync(CancellationToken stopping)
        {
            var began = run.Clock.GetTimestamp();
            long? held = null;
            while (true)
            {
                var asked = await AskInTimeAsync(check, run.Clock, stopping);
                Journal(asked);
                held = asked.Answer == Answer.Holds ? held ?? run.Clock.GetTimestamp() : null;
                if (held is { } since && run.Clock.GetElapsedTime(since) >= item.For)
                    return asked;
                // Once it held it must go on holding; before that it may become true within its time.
                var left = item.Within + (held is null ? TimeSpan.Zero : item.For) - run.Clock.GetElapsedTime(began);
                if (asked.Answer == Answer.Broken || left <= TimeSpan.Zero)
                    return asked.Answer == Answer.Holds
                        ? asked with
                        {
                            Answer = Answer.NotYet,
                            Why = $"it has not held for {Duration.Format(item.For)} yet",
                        }
                        : asked;
                await Task.Delay(left < item.Every ? left : item.Every, run.Clock, stopping);
            }
        }

        private void Journal(Asked asked)
        {
            if (journaled == (asked.Answer, asked.Why))
                return;
            journaled = (asked.Answer, asked.Why);
            run.Recorder.Note(
                new Checked
                {
                    Step = step,
                    Answer = asked.Answer,
                    Why = asked.Why,
                    Observed = run.Sealing.Seal(asked.Observed),
                }
            );
        }
    }
}
