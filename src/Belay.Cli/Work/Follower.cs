using System.Threading.Channels;
using Belay.Cli.Screens;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Cli.Work;

/// <summary>Follows a journal and shows it: what <c>run</c> and <c>follow</c> have in common. Nothing on the screen comes from anywhere else.</summary>
internal sealed class Follower(IJournalStore journals, TimeProvider clock)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <param name="run">The run; its journal may come into being a moment later.</param>
    /// <param name="after">The last event that need not be shown again, known before the next one is written; 0: show all.</param>
    /// <param name="screen">Where it is shown.</param>
    /// <param name="isOver">Asked again and again whether nothing more is to be shown.</param>
    /// <param name="ct">Ends the following at once.</param>
    public async Task<RunReading> FollowAsync(
        string run,
        Task<long> after,
        IRunScreen screen,
        Func<RunReading, ValueTask<bool>> isOver,
        CancellationToken ct
    )
    {
        var reading = new RunReading();
        var entries = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(4096) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reader = ReadAsync(run, entries.Writer, stop.Token);
        try
        {
            using var timer = new PeriodicTimer(Tick, clock);
            while (true)
            {
                while (entries.Reader.TryRead(out var entry))
                {
                    reading.Apply(entry);
                    if (after.IsCompletedSuccessfully && entry.Sequence > await after)
                        screen.Show(entry, reading);
                }
                if (reading.Start is not null)
                    screen.Refresh(reading);
                if (reader.IsCompleted)
                    await reader;
                if (await isOver(reading))
                    return reading;
                await timer.WaitForNextTickAsync(ct);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task ReadAsync(string run, ChannelWriter<JournalEntry> entries, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var entry in journals.FollowAsync(run, ct))
                    await entries.WriteAsync(entry, ct);
            }
            catch (JournalException e) when (e.Fault == JournalFault.Missing)
            {
                await timer.WaitForNextTickAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
