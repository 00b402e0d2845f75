using System.Collections.Concurrent;

namespace Belay.Rehearsal.Simulation;

/// <summary>One thread and one clock of its own: the same seed gives the same run, and a soak of hours takes no time.</summary>
/// <remarks>Work that is ready runs in the order in which it became ready; when nothing is, the clock jumps to the next timer.</remarks>
public sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> timers = new();
    private readonly ConcurrentQueue<(SendOrPostCallback Work, object? State)> ready = new();
    private long now;
    private long order;

    /// <summary>A clock that shows the beginning of 2026.</summary>
    public VirtualTime() { }

    /// <summary>A clock that goes on from what another one showed.</summary>
    public VirtualTime(DateTimeOffset at) => now = (at - Epoch).Ticks;

    /// <summary>Added to what the wall clock shows; a clock that somebody set.</summary>
    public TimeSpan Skew { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch + new TimeSpan(now) + Skew;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work to its end on this thread.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="most">The most virtual time it may take.</param>
    /// <exception cref="TimeoutException">It is stuck, or takes longer.</exception>
    public T Run<T>(Func<Task<T>> work, TimeSpan most)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        try
        {
            var end = now + most.Ticks;
            var task = work();
            while (!task.IsCompleted)
            {
                if (ready.TryDequeue(out var next))
                {
                    next.Work(next.State);
                    continue;
                }
                if (!Advance(end))
                    throw new TimeoutException(
                        $"stuck: nothing is ready, and no timer is due within {most} of virtual time"
                    );
            }
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private bool Advance(long end)
    {
        while (timers.TryDequeue(out var timer, out var due))
        {
            if (!timer.IsDue(due.Due))
                continue;
            if (due.Due > end)
                return false;
            now = Math.Max(now, due.Due);
            timer.Fire();
            return true;
        }
        return false;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long? due;
        private TimeSpan every;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime.Ticks;
            if (due is { } at)
                time.timers.Enqueue(this, (at, time.order++));
            return true;
        }

        public bool IsDue(long at) => due == at;

        public void Fire()
        {
            due = null;
            if (every > TimeSpan.Zero)
                Change(every, every);
            callback(state);
        }

        public void Dispose() => due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time.ready.Enqueue((d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
