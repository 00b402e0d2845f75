using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Engine.Running;

/// <summary>Asks every watch of the plan, all through the run, and stops the run within one interval when one fails.</summary>
internal sealed class WatchKeeper : IAsyncDisposable
{
    /// <summary>How long samples are gathered before they are journaled as one window.</summary>
    private static readonly TimeSpan CustomaryWindow = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource end = new();
    private readonly ImmutableArray<KeptWatch> watches;
    private Task keeping = Task.CompletedTask;

    /// <param name="run">The run.</param>
    /// <param name="stops">Whether a failing watch stops the run (forward), or only reports (in a rollback).</param>
    /// <param name="begins">Whether the first samples come before anything is changed: then none may fail. Else what is tolerated is tolerated of them too.</param>
    /// <param name="window">How long samples are gathered; null: a second.</param>
    public WatchKeeper(RunContext run, bool stops, bool begins = true, TimeSpan? window = null) =>
        watches = [
            .. run.Plan.Watches.Select(watch => new KeptWatch(run, watch, stops, begins, window ?? CustomaryWindow)),
        ];

    /// <summary>The watches.</summary>
    public IReadOnlyList<KeptWatch> Watches => watches;

    /// <summary>Asks each watch once, then goes on asking in the background.</summary>
    /// <returns>False when one does not hold: the course has stopped.</returns>
    public async Task<bool> StartAsync(Course course)
    {
        var first = await Task.WhenAll(watches.Select(watch => watch.FirstAsync(course, end.Token)));
        keeping = Task.WhenAll(watches.Select(watch => watch.KeepAsync(course, end.Token)));
        return first.All(held => held);
    }

    public async ValueTask DisposeAsync()
    {
        end.Cancel();
        await keeping;
        foreach (var watch in watches)
            await watch.DisposeAsync();
        end.Dispose();
    }
}

/// <summary>One watch that is kept.</summary>
internal sealed class KeptWatch(RunContext run, Watch watch, bool stops, bool begins, TimeSpan window)
    : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<double> times = [];
    private BoundCheck? check;
    private DateTimeOffset since = run.Clock.GetUtcNow();
    private int failed;
    private int inARow;
    private string? why;
    private long lastGood;
    private TimeSpan goodTime;
    private int goodSamples;

    public string Name => watch.Name;

    public TimeSpan Every => watch.Every;

    /// <summary>How much time was sampled and good, and how many samples were, since the keeper began.</summary>
    public (TimeSpan Time, int Samples) Good
    {
        get
        {
            lock (gate)
                return (goodTime, goodSamples);
        }
    }

    public async Task<bool> FirstAsync(Course course, CancellationToken ct)
    {
        lastGood = run.Clock.GetTimestamp();
        await SampleAsync(course, ct);
        var first = why;
        Flush();
        if (!begins)
            return course.Failure is null;
        // What is tolerated later is not tolerated before the first change: nothing is lost by not beginning.
        return inARow == 0
            || !stops
            || course.Fail(
                HaltCause.WatchFailed,
                $"watch '{watch.Name}' does not hold before the first change: {first}"
            );
    }

    public async Task KeepAsync(Course course, CancellationToken ct)
    {
        try
        {
            using var timer = new PeriodicTimer(watch.Every, run.Clock);
            while (await timer.WaitForNextTickAsync(ct))
            {
                await SampleAsync(course, ct);
                if (run.Clock.GetUtcNow() - since >= window)
                    Flush();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The run ended; the last window is journaled below.
        }
        catch (Ports.JournalException e)
        {
            course.Fail(HaltCause.LeaseLost, e.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Flush();
        }
        catch (Ports.JournalException)
        {
            // The course has stopped over it already; a window of samples is all that is lost.
        }
        if (check is not null)
            await check.DisposeAsync();
    }

    private async Task SampleAsync(Course course, CancellationToken ct)
    {
        var began = run.Clock.GetTimestamp();
        var asked = await AskAsync(ct);
        if (ct.IsCancellationRequested)
            return;
        Count(asked, run.Clock.GetElapsedTime(began));
        if (inARow <= watch.Tolerate || !stops || course.Failure is not null || run.Impacts.Allow(watch.Name))
            return;
        run.Recorder.Note(new WatchFailed(watch.Name, asked.Why ?? "it does not hold"));
        course.Fail(HaltCause.WatchFailed, $"watch '{watch.Name}': {asked.Why}");
    }

    private async Task<CheckRunner.Asked> AskAsync(CancellationToken ct)
    {
        // A probe that hangs is a probe that cannot read: it may not keep the run from stopping.
        var limit = watch.Every > TimeSpan.FromSeconds(1) ? watch.Every : TimeSpan.FromSeconds(1);
        using var late = new CancellationTokenSource(limit, run.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            check ??= Make();
            return await CheckRunner.AskAsync(check, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return new(Answer.Unknown, $"no answer within {Domain.Json.Duration.Format(limit)}", null);
        }
        catch (OperationCanceledException)
        {
            return new(Answer.Unknown, "it was told to stop", null);
        }
        catch (Exception e)
        {
            return new(Answer.Unknown, Failures.Typed(e).Message, null);
        }
    }

    private BoundCheck Make() =>
        (
            run.Catalog.Find(watch.Operation) as CheckDefinition
            ?? throw OperationException.Refused($"there is no check '{watch.Operation}'")
        ).Create(InputResolver.Resolve(watch.With, run, run.Root), run.ScopeOf($"watch.{watch.Name}"));

    private void Count(CheckRunner.Asked asked, TimeSpan took)
    {
        lock (gate)
        {
            times.Add(took.TotalMilliseconds);
            var now = run.Clock.GetTimestamp();
            if (asked.Answer == Answer.Holds)
            {
                // Only time that was sampled counts: a gap of more than two intervals was not watched.
                var gap = run.Clock.GetElapsedTime(lastGood, now);
                if (inARow == 0 && gap <= (watch.Every * 2) + took)
                    goodTime += gap;
                (inARow, lastGood, goodSamples) = (0, now, goodSamples + 1);
                return;
            }
            (inARow, failed, why) = (inARow + 1, failed + 1, asked.Why);
        }
    }

    private void Flush()
    {
        WatchSampled sampled;
        lock (gate)
        {
            if (times.Count == 0)
                return;
            times.Sort();
            sampled = new WatchSampled
            {
                Watch = watch.Name,
                Since = since,
                Count = times.Count,
                Failed = failed,
                MedianMs = Math.Round(times[times.Count / 2], 3),
                GreatestMs = Math.Round(times[^1], 3),
                Why = why,
            };
            times.Clear();
            (failed, why, since) = (0, null, run.Clock.GetUtcNow());
        }
        run.Recorder.Note(sampled);
    }
}
