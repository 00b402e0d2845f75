using System.Buffers;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>Writes what was appended, in order, and makes it durable for all who wait with one flush.</summary>
/// <remarks>
/// The writer is a work item that runs only while there is something to write. Between two flushes everybody who commits
/// joins one round. Lines that nobody commits are written within <see cref="Soon"/>, for the readers.
/// </remarks>
internal sealed class GroupCommit : IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private const int MuchUnwritten = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly JournalFile file;
    private readonly ITimer timer;
    private ArrayBufferWriter<byte> arriving = new();
    private ArrayBufferWriter<byte> leaving = new();
    private TaskCompletionSource? round;
    private TaskCompletionSource? underway;
    private JournalException? fault;
    private bool timed;
    private bool running;
    private bool unflushed;

    public GroupCommit(JournalFile file, TimeProvider clock)
    {
        this.file = file;
        timer = clock.CreateTimer(_ => WriteOut(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Throws when nothing can be journaled any more.</summary>
    public void ThrowIfFailed()
    {
        lock (gate)
        {
            if (fault is not null)
                throw Again(fault);
        }
    }

    /// <summary>Takes a line, without its line feed.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (gate)
        {
            arriving.Write(line);
            arriving.Write("\n"u8);
            unflushed = true;
            if (arriving.WrittenCount >= MuchUnwritten)
                Run();
            else if (!timed)
                timed = timer.Change(Soon, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends when all that was added so far is durable.</summary>
    public Task CommitAsync()
    {
        lock (gate)
        {
            if (fault is not null)
                return Task.FromException(Again(fault));
            if (!unflushed)
                return underway?.Task ?? Task.CompletedTask;
            round ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Run();
            return round.Task;
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        file.Dispose();
    }

    /// <summary>The writer.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (Take())
        {
            try
            {
                file.Add(leaving.WrittenSpan, flush: underway is not null);
                Empty();
                Complete();
            }
            catch (JournalException e)
            {
                Fail(e);
            }
        }
    }

    private void WriteOut()
    {
        lock (gate)
        {
            timed = false;
            Run();
        }
    }

    private void Run()
    {
        if (running)
            return;
        running = true;
        // On this thread's own queue: a step that goes on right after its commit meets the writer without a change of threads.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private bool Take()
    {
        lock (gate)
        {
            running = fault is null && (round is not null || arriving.WrittenCount > 0);
            if (!running)
                return false;
            (arriving, leaving) = (leaving, arriving);
            (underway, round) = (round, null);
            unflushed &= underway is null;
            return true;
        }
    }

    // A buffer that a burst has made large is not kept.
    private void Empty()
    {
        if (leaving.Capacity > MuchUnwritten)
            leaving = new ArrayBufferWriter<byte>();
        else
            leaving.ResetWrittenCount();
    }

    private void Complete()
    {
        TaskCompletionSource? done;
        lock (gate)
            (done, underway) = (underway, null);
        done?.SetResult();
    }

    // A failed flush is not tried again: the kernel may have dropped the pages and would call the next one a success.
    private void Fail(JournalException e)
    {
        lock (gate)
            fault = e;
        underway?.SetException(Again(e));
        round?.SetException(Again(e));
    }

    // Each who is told gets an exception of their own, with their own stack.
    private static JournalException Again(JournalException e) => new(e.Fault, e.Message, e);
}
