using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Engine.Running;

/// <summary>Waits while the watches hold. What was soaked before a crash or a halt still counts.</summary>
internal sealed class SoakRunner(RunContext run, WatchKeeper keeper)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Noted = TimeSpan.FromSeconds(1);

    /// <returns>True when it soaked long enough; false when the course stopped.</returns>
    public async Task<bool> RunAsync(SoakItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        var known = run.Recorder.Find(step);
        if (known is { State: StepState.Done })
            return true;
        var (time, samples) = (known?.SoakedTime ?? TimeSpan.Zero, known?.SoakedSamples ?? 0);
        run.Recorder.Note(new StepStarted { Step = step });

        var measure = Measure(item);
        var (baseTime, baseSamples) = measure();
        var noted = run.Clock.GetTimestamp();
        while (course.Failure is null)
        {
            var (nowTime, nowSamples) = measure();
            var soaked = new Soaked
            {
                Step = step,
                Time = time + (nowTime - baseTime),
                Samples = samples + (nowSamples - baseSamples),
            };
            if (IsEnough(item, soaked))
            {
                run.Recorder.Note(soaked);
                run.Recorder.Note(new StepDone { Step = step });
                return true;
            }
            if (run.Clock.GetElapsedTime(noted) >= Noted)
            {
                // Durable: a crash costs at most a second of what was soaked.
                await run.Recorder.RecordAsync(soaked);
                noted = run.Clock.GetTimestamp();
            }
            await Quietly.DelayAsync(Tick, run.Clock, course.Stopping);
        }
        return false;
    }

    private static bool IsEnough(SoakItem item, Soaked soaked) =>
        (item.Time is not { } time || soaked.Time >= time)
        && (item.Samples is not { } samples || soaked.Samples >= samples);

    /// <summary>What counts: the least of all watches asked for; the engine's own clock when the plan has none.</summary>
    private Func<(TimeSpan Time, int Samples)> Measure(SoakItem item)
    {
        var watches = keeper.Watches.Where(watch => item.Watch is null || watch.Name == item.Watch).ToArray();
        if (watches.Length > 0)
            return () => (watches.Min(watch => watch.Good.Time), watches.Min(watch => watch.Good.Samples));
        var began = run.Clock.GetTimestamp();
        return () => (run.Clock.GetElapsedTime(began), 0);
    }
}
