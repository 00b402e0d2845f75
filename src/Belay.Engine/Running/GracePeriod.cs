namespace Belay.Engine.Running;

/// <summary>What is under way when its course stops has a while to come to its own end: that is the safest point there is.</summary>
internal sealed class GracePeriod : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenRegistration stopping;
    private readonly CancellationTokenRegistration hurrying;
    private ITimer? timer;

    public GracePeriod(RunContext run, Course course)
    {
        stopping = course.Stopping.Register(() =>
            timer = run.Clock.CreateTimer(_ => over.Cancel(), null, run.Parts.HaltGrace, Timeout.InfiniteTimeSpan)
        );
        hurrying = course.Hurrying.Register(over.Cancel);
    }

    /// <summary>Cancelled when the grace is over.</summary>
    public CancellationToken Over => over.Token;

    public async ValueTask DisposeAsync()
    {
        await stopping.DisposeAsync();
        await hurrying.DisposeAsync();
        if (timer is not null)
            await timer.DisposeAsync();
        over.Dispose();
    }
}
