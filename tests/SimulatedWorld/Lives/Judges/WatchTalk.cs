using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is said with a watch: asked in turns all through a run; every sample is in a window, and too many failures stop the run at once.</summary>
internal sealed class WatchTalk(Session session, Made made, Watch watch) : Talk(session, made)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private readonly List<double> times = [];
    private long lastGood = session.Now;
    private (TimeSpan Time, int Samples) before;
    private long sampledAt = -1;
    private int failed;
    private int inARow;
    private string? why;
    private DateTimeOffset? since;

    /// <summary>When the first answer came.</summary>
    public long? FirstAt { get; private set; }

    /// <summary>What was good so far.</summary>
    public (TimeSpan Time, int Samples) Good { get; private set; }

    /// <summary>The same, without a sample that came in at this very moment.</summary>
    public (TimeSpan Time, int Samples) Before => sampledAt == Now ? before : Good;

    protected override async Task TalkAsync()
    {
        var tick = 0L;
        while (true)
        {
            var said = await NextAsync();
            if (said is Said.End)
                return;
            if (said is Said.Wrote { Event: WatchSampled last })
            {
                // The last window, when the run ends.
                await JudgeAsync(last);
                await EndAsync();
                return;
            }
            if (said is not Said.Ask)
            {
                Accuse($"it was to be asked, and there came {said}");
                return;
            }
            tick = JudgeTurn(tick);
            if (!await SampledAsync())
                return;
        }
    }

    /// <summary>Watches are asked on the ticks of their interval; one that was missed comes at once.</summary>
    private long JudgeTurn(long tick)
    {
        if (FirstAt is null || Session.Watches.FirstsAt is not { } first)
            return 0;
        if (tick == 0)
            tick = first;
        var next = tick + watch.Every.Ticks;
        var late = Now - next;
        if (late < 0)
            Accuse($"it was asked {TimeSpan.FromTicks(-late)} before its turn");
        else if (late > 0 && Now != sampledAt && TimeSpan.FromTicks(late) != TimeSpan.Zero)
            Accuse($"it was asked {TimeSpan.FromTicks(late)} after its turn");
        while (next + watch.Every.Ticks <= Now)
            next += watch.Every.Ticks;
        return next;
    }

    private async Task<bool> SampledAsync()
    {
        var began = Now;
        if (await NextAsync() is not Said.Answer answer)
        {
            Accuse("it was to be answered");
            return false;
        }
        var took = TimeSpan.FromTicks(Now - began);
        var limit = watch.Every > Window ? watch.Every : Window;
        var isCutShort =
            answer.Failure is OperationCanceledException { Message: var words }
            && !words.StartsWith("simulated", StringComparison.Ordinal);
        if (isCutShort && took < limit)
        {
            // The run ends.
            if (await NextAsync() is Said.Wrote { Event: WatchSampled last })
            {
                await JudgeAsync(last);
                await EndAsync();
            }
            return false;
        }
        if (took > limit)
            Accuse($"it had {took} to answer");
        var isFirst = FirstAt is null;
        Count(answer, took);
        FirstAt ??= Now;
        var isDue = isFirst || (since is { } from && Session.Utc - from >= Window);
        if (!await StoppedAsync(isFirst))
            return false;
        if (isDue)
        {
            switch (await NextAsync())
            {
                case Said.Wrote { Event: WatchSampled sampled }:
                    await JudgeAsync(sampled);
                    break;
                case Said.End:
                    // It came in when the run had ended.
                    return false;
                case var said:
                    Accuse($"a window is over, and there came {said}");
                    break;
            }
        }
        return true;
    }

    private void Count(Said.Answer answer, TimeSpan took)
    {
        times.Add(took.TotalMilliseconds);
        (before, sampledAt) = (Good, Now);
        var verdict = answer.Failure is null ? Made.Check!.Judge((System.Text.Json.JsonElement)answer.Value!) : null;
        if (verdict is Verdict.Holds)
        {
            var gap = TimeSpan.FromTicks(Now - lastGood);
            var counts = inARow == 0 && gap <= (watch.Every * 2) + took;
            Good = (Good.Time + (counts ? gap : TimeSpan.Zero), Good.Samples + 1);
            (inARow, lastGood) = (0, Now);
            return;
        }
        inARow++;
        failed++;
        why = verdict switch
        {
            Verdict.NotYet wait => wait.Why,
            Verdict.Broken broken => broken.Why,
            _ => (answer.Failure as OperationException)?.Message,
        };
    }

    /// <summary>More failures in a row than are tolerated stop a run that goes forward, unless a step announced them.</summary>
    private async Task<bool> StoppedAsync(bool isFirst)
    {
        var mayStop = Session.MayStop("");
        if (Session.Forward is not { } forward)
            return true;
        bool? fails =
            inARow <= watch.Tolerate ? false
            : mayStop ? null
            : !forward.Impacts.Allows(watch.Name);
        if (fails != false)
        {
            if (await PeekAsync() is Said.Wrote { Event: WatchFailed written })
            {
                await NextAsync();
                if (why is not null && written.Why != why)
                    Accuse($"it failed over '{why}', and {written} is journaled");
                Session.Add(HaltCause.WatchFailed, null, why is null ? null : $"watch '{watch.Name}': {why}", "");
            }
            else if (fails == true)
            {
                Accuse($"it failed {inARow} times in a row, and the run does not stop");
            }
        }
        else if (await IsFailureAsync(isFirst))
        {
            Accuse("it is said to have failed, and that was tolerated");
            return false;
        }
        if (isFirst && inARow > 0 && Session.Order is not Order.Woken)
            Session.Add(HaltCause.WatchFailed, null, null, "");
        return true;
    }

    // Only looked at where something has to follow at once: else the next word is a long time off.
    private async Task<bool> IsFailureAsync(bool isFirst) =>
        (isFirst || (since is { } from && Session.Utc - from >= Window))
        && await PeekAsync() is Said.Wrote { Event: WatchFailed };

    private async Task JudgeAsync(WatchSampled sampled)
    {
        times.Sort();
        if (times.Count == 0)
        {
            Accuse("a window without a sample is journaled");
            return;
        }
        var right = (times.Count, failed, Math.Round(times[times.Count / 2], 3), Math.Round(times[^1], 3));
        // A sample that comes in when the run has ended does not count any more.
        if (
            right != (sampled.Count, sampled.Failed, sampled.MedianMs, sampled.GreatestMs)
            && sampledAt == Now
            && await PeekAsync() is Said.End
        )
            return;
        if (right != (sampled.Count, sampled.Failed, sampled.MedianMs, sampled.GreatestMs))
            Accuse($"{sampled} is journaled, and it was {right}");
        if ((sampled.Why is null) != (failed == 0) || (why is not null && failed > 0 && sampled.Why != why))
            Accuse($"{sampled} is journaled, and it failed over '{why}'");
        if (since is { } from && sampled.Since != from)
            Accuse($"{sampled} is journaled, and it began at {from:O}");
        times.Clear();
        (failed, why, since) = (0, null, Session.Utc);
    }
}
