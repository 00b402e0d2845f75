using Belay.Domain.Contract;
using Belay.Domain.Journal;
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
        // After a halt, work that is under way has its grace to come to its own end: that is the safest point there is.
        using var halted = new CancellationTokenSource();
        await using var grace = new Grace(run, course, halted);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, halted.Token);

        var ending = DrainAsync(run, step, work, stop.Token);
        using var watch = new CancellationTokenSource();
        var overdue = OverdueAsync(run, stop.Token, watch.Token);
        if (await Task.WhenAny(ending, overdue) != ending)
            return OperationException.OutcomeUnknown(
                $"it was told to stop and did not do so within {run.Parts.StopGrace}"
            );
        watch.Cancel();
        var failure = await ending;
        return failure is { InnerException: OperationCanceledException } && tooLate.IsCancellationRequested
            ? OperationException.OutcomeUnknown($"it did not end within its limit of {limit}", failure)
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

    /// <summary>Cancels work a while after its course stopped.</summary>
    private sealed class Grace : IAsyncDisposable
    {
        private readonly CancellationTokenRegistration registration;
        private ITimer? timer;

        public Grace(RunContext run, Course course, CancellationTokenSource halted) =>
            registration = course.Stopping.Register(() =>
                timer = run.Clock.CreateTimer(_ => halted.Cancel(), null, run.Parts.HaltGrace, Timeout.InfiniteTimeSpan)
            );

        public async ValueTask DisposeAsync()
        {
            await registration.DisposeAsync();
            if (timer is not null)
                await timer.DisposeAsync();
        }
    }
}
