using System.Threading.Channels;
using Belay.Bench.Contenders;
using Microsoft.Win32.SafeHandles;

namespace Belay.Bench.Ours;

/// <summary>The limit: a file, lines of the size that Belay writes, and flushes, by hand and with nothing else around them.</summary>
internal static class BareWork
{
    /// <summary>The size of a line; about the mean of a no-op step's intent and result.</summary>
    private const int LineBytes = 480;

    /// <summary>Two lines a step, each flushed before what comes next.</summary>
    public static Task<Answer> SequentialAsync(string folder, int steps) =>
        TimedAsync(
            folder,
            file =>
            {
                var line = new byte[LineBytes];
                for (var number = 0; number < steps * 2; number++)
                {
                    RandomAccess.Write(file, line, (long)number * LineBytes);
                    Flush(file);
                }
                return Task.CompletedTask;
            }
        );

    /// <summary>Two lines a step, all steps at once; who waits at the same time shares a flush.</summary>
    public static Task<Answer> ParallelAsync(string folder, int steps) =>
        TimedAsync(
            folder,
            async file =>
            {
                var waiting = Channel.CreateUnbounded<TaskCompletionSource>();
                var writer = Task.Run(() => WriteAsync(file, waiting.Reader));
                await Task.WhenAll(Enumerable.Range(0, steps).Select(_ => StepAsync(waiting.Writer)));
                waiting.Writer.Complete();
                await writer;
            }
        );

    private static async Task StepAsync(ChannelWriter<TaskCompletionSource> commits)
    {
        for (var line = 0; line < 2; line++)
        {
            var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            commits.TryWrite(durable);
            await durable.Task;
        }
    }

    private static async Task WriteAsync(SafeFileHandle file, ChannelReader<TaskCompletionSource> commits)
    {
        var (end, round) = (0L, new List<TaskCompletionSource>());
        while (await commits.WaitToReadAsync())
        {
            while (commits.TryRead(out var next))
                round.Add(next);
            RandomAccess.Write(file, new byte[round.Count * LineBytes], end);
            end += round.Count * LineBytes;
            Flush(file);
            round.ForEach(durable => durable.SetResult());
            round.Clear();
        }
    }

    private static async Task<Answer> TimedAsync(string folder, Func<SafeFileHandle, Task> work)
    {
        var path = Path.Combine(folder, $"bare-{Guid.NewGuid():N}");
        TimeSpan took;
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var begun = TimeProvider.System.GetTimestamp();
            await work(file);
            took = TimeProvider.System.GetElapsedTime(begun);
        }
        File.Delete(path);
        return new Answer { Milliseconds = took.TotalMilliseconds };
    }

    private static void Flush(SafeFileHandle file)
    {
        if (Libc.FlushData(file) != 0)
            throw new IOException("fdatasync failed");
    }
}
