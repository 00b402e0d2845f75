using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Runs the work of a change, an undo or a restore: journals its progress, keeps its limit, and ends it within a stated bound after a halt.</summary>
internal static class Effect
{
    /// <returns>How it failed; null when it ended well.</returns>
    public static async Task<OperationException?> RunAsync(
        RunContext run,
        Course course,
        string step,
        TimeSpan limit,
        Func<CancellationToken, IAsyncEnumerable<Progress>> work
    )
    {
        using var tooLate = new CancellationTokenSource(limit, run.Clock);
        await using var grace = new GracePeriod(run, course);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, grace.Over);

        var ending = DrainAsync(run, step, work, stop.Token);
        using var watch = new CancellationTokenSource();
        var overdue = OverdueAsync(run, stop.Token, watch.Token);
        if (await Task.WhenAny(ending, overdue) != ending)
            return OperationException.OutcomeUnknown(
                $"it was told to stop and did not do so within {Duration.Format(run.Parts.StopGrace)}"
            );
        watch.Cancel();
        var failure = await ending;
        return failure is { InnerException: OperationCanceledException } && tooLate.IsCancellationRequested
            ? OperationException.OutcomeUnknown($"it did not end within its limit of {Duration.Format(limit)}", failure)
            : failure;
    }

    private static async Task<OperationException?> DrainAsync(
        RunContext run,
        string step,
        Func<CancellationToken, IAsyncEnumerable<Progress>> work,
        CancellationToken ct
    )
    {
        try
        {
            await foreach (var progress in work(ct).WithCancellation(ct))
            {
                var sealedProgress = progress with { Checkpoint = run.Sealing.Seal(progress.Checkpoint) };
                run.Recorder.Note(new Progressed { Step = step, Progress = sealedProgress });
                if (progress.Checkpoint is not null)
                    await run.Recorder.CommitAsync();
            }
            return null;
        }
        catch (Exception e) when (e is not JournalException)
        {
            return Failures.Typed(e);
        }
    }

    private static async Task OverdueAsync(RunContext run, CancellationToken stop, CancellationToken ended)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = stop.Register(() => stopped.TrySetResult());
        await using var over = ended.Register(() => stopped.TrySetCanceled(ended));
        await stopped.Task;
        await Task.Delay(run.Parts.StopGrace, run.Clock, ended);
    }
}
