using System.Collections.Concurrent;
using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Previews;

namespace Belay.Engine.Running;

/// <summary>Where people's words come in: halts, approvals and confirmations from other terminals, each journaled before it counts.</summary>
internal sealed class PeopleDesk(RunContext run, bool wait) : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Item> items = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<PendingRequest> early = new();
    private Task pump = Task.CompletedTask;

    /// <summary>Begins to take requests in.</summary>
    public void Start() => pump = PumpAsync();

    /// <summary>Waits for an approval.</summary>
    public async Task<bool> ApproveAsync(ApproveItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        if (await ForeseeAsync(step, course) is not { } foreseen)
            return false;
        await run.Recorder.RecordAsync(
            new ApprovalRequested
            {
                Step = step,
                By = item.By,
                Covers = ApprovalCover.Hash(run.Recorder.Reading.PlanHash, foreseen),
                Foreseen = foreseen,
            }
        );
        return await UntilAsync(
            step,
            item,
            course,
            $"waits for an approval by {item.By}: belay approve {step}",
            known => known.Approvals.Select(a => a.By).Distinct(StringComparer.Ordinal).Count() >= item.Count
        );
    }

    /// <summary>What everything after the approval would do now.</summary>
    /// <returns>Null when the course stopped before all of it was seen.</returns>
    private async Task<ImmutableArray<ForeseenChange>?> ForeseeAsync(string approval, Course course)
    {
        var foresight = new Foresight
        {
            Catalog = run.Catalog,
            ScopeOf = run.LookingScopeOf,
            ValueOf = (reference, place) => InputResolver.Foresee(reference, run, place),
            Clean = text => EventRedaction.Clean(text, [.. run.Environment.Revealed]),
            Clock = run.Clock,
        };
        // An approval inside a loop speaks for its own member.
        var later = PlannedStep
            .In(run.Plan, loop => run.Recorder.Find(loop)?.Members)
            .SkipWhile(planned => planned.Step != approval)
            .Where(planned =>
                planned.Suffixes.Contains(course.Suffix)
                && run.Recorder.Find(planned.Step) is not { State: StepState.Done }
            );
        try
        {
            return await foresight.LookAsync([.. later], course.Stopping);
        }
        catch (OperationCanceledException) when (course.Failure is not null)
        {
            return null;
        }
    }

    /// <summary>Waits until a person says that a manual step is done.</summary>
    public async Task<bool> ConfirmAsync(ConfirmItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        await run.Recorder.RecordAsync(new ConfirmationRequested { Step = step, Instructions = item.Instructions });
        return await UntilAsync(
            step,
            item,
            course,
            $"waits for a person: belay confirm {step}",
            known => known.Confirmation is not null
        );
    }

    /// <summary>Takes in that a person asks for a halt.</summary>
    public static async Task HaltAsync(RunContext run, PendingRequest pending)
    {
        var (by, note) = (pending.Request.By, pending.Request.Note);
        await run.Recorder.RecordAsync(new HaltRequested(by, note ?? "asked to halt"));
        run.Root.Fail(HaltCause.Asked, $"{by} asked to halt{(note is null ? "" : $": {note}")}");
        await run.Parts.Requests.RemoveAsync(run.Run, pending, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        end.Cancel();
        await pump;
        end.Dispose();
    }

    private async Task<bool> UntilAsync(
        string step,
        Item item,
        Course course,
        string words,
        Func<StepReading, bool> isEnough
    )
    {
        items[step] = item;
        await TakeInEarlyAsync();
        while (true)
        {
            var signal = waiting[step] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (run.Recorder.Read(reading => isEnough(reading.Find(step)!)))
                break;
            if (wait ? !await AnsweredAsync(signal, course.Stopping) : !await AnsweredSoonAsync(signal, course))
                return course.Failure is null && course.Fail(HaltCause.Waiting, words, step);
        }
        await run.Recorder.RecordAsync(new StepDone { Step = step });
        return true;
    }

    /// <summary>What was asked before this run of the engine is in the store already: it has its moment before the run gives up.</summary>
    private async Task<bool> AnsweredSoonAsync(TaskCompletionSource signal, Course course)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), run.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(course.Stopping, late.Token);
        return await AnsweredAsync(signal, either.Token);
    }

    // Awaited as it is: any task put around it would be completed on a thread that a simulation does not have.
    private static async Task<bool> AnsweredAsync(TaskCompletionSource signal, CancellationToken until)
    {
        await using var over = until.Register(() => signal.TrySetCanceled(until));
        try
        {
            await signal.Task;
            return true;
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var pending in run.Parts.Requests.ReadAsync(run.Run, end.Token))
            {
                await TakeInAsync(pending);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The run ended; what was not taken in waits for the next resume.
        }
        catch (Exception e)
        {
            // Without this desk nobody could halt the run.
            run.Root.Fail(HaltCause.LeaseLost, $"requests cannot be read: {e.Message}");
        }
    }

    /// <summary>Takes in what came before the run had reached its step.</summary>
    private async Task TakeInEarlyAsync()
    {
        for (var left = early.Count; left > 0 && early.TryDequeue(out var pending); left--)
            await TakeInAsync(pending);
    }

    private async Task TakeInAsync(PendingRequest pending)
    {
        switch (pending.Request)
        {
            case HaltRequest:
                await HaltAsync(run, pending);
                return;
            case ApproveRequest approve:
                var approved = new Approved
                {
                    Step = approve.Step,
                    By = approve.By,
                    Note = approve.Note,
                    Covers = approve.Covers,
                    Signature = approve.Signature,
                };
                if (!await AnswerAsync(pending, approve.Step, approved))
                    return;
                break;
            case ConfirmRequest confirm:
                var confirmed = new Confirmed
                {
                    Step = confirm.Step,
                    By = confirm.By,
                    Note = confirm.Note,
                    Signature = confirm.Signature,
                };
                if (!await AnswerAsync(pending, confirm.Step, confirmed))
                    return;
                break;
        }
        await run.Parts.Requests.RemoveAsync(run.Run, pending, CancellationToken.None);
    }

    /// <returns>False when the run has not reached the step yet: the request waits.</returns>
    private async Task<bool> AnswerAsync(PendingRequest pending, string step, StepEvent happened)
    {
        if (!items.TryGetValue(step, out var item))
        {
            early.Enqueue(pending);
            return false;
        }
        var refused = (Approvals.WhyNot(item, pending.Request, run) ?? Signatures.WhyNot(happened, run)) is { } why
            ? new RequestRefused(pending.Request.By, step, why)
            : null;
        await run.Recorder.RecordAsync((JournalEvent?)refused ?? happened);
        if (waiting.TryGetValue(step, out var signal))
            signal.TrySetResult();
        return true;
    }
}
