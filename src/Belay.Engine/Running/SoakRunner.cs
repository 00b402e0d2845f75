using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Parking;

namespace Belay.Engine.Running;

/// <summary>Waits while the watches hold. What was soaked before a crash or a halt still counts.</summary>
internal sealed class SoakRunner(RunContext run, WatchKeeper keeper)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Noted = TimeSpan.FromSeconds(1);

    /// <returns>True when it soaked long enough; false when the course stopped, or the run parks.</returns>
    public async Task<bool> RunAsync(SoakItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return true;
        run.Recorder.Note(new StepStarted { Step = step });
        return !await ParksAsync(item, step, course) && await SoakAsync(item, step, course);
    }

    /// <summary>Soaks to the end with the run at hand.</summary>
    /// <returns>True when it soaked long enough; false when the course stopped.</returns>
    public async Task<bool> SoakAsync(SoakItem item, string step, Course course)
    {
        var known = run.Recorder.Find(step);
        var (time, samples) = (known?.SoakedTime ?? TimeSpan.Zero, known?.SoakedSamples ?? 0);
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

    /// <summary>A run that only waits, and long, gives its environment back meanwhile.</summary>
    private async Task<bool> ParksAsync(SoakItem item, string step, Course course)
    {
        var left = Left(item, run.Recorder.Find(step)!);
        if (course.Failure is not null || left <= run.Parts.ParkAfter || !ParkingRule.IsAlone(run.Plan, item.Id))
            return false;
        var who = run.Parts.NameOf(run.Recorder.Read(reading => reading.By));
        if (await run.Parts.Leases.TryStayAsync(run.Run, who, course.Stopping) is not { } stay)
            return false;
        run.Root.Park(new ParkingSpot(item, step, left, stay));
        return true;
    }

    private TimeSpan Left(SoakItem item, StepReading soaked)
    {
        var every = WatchesOf(item).Select(watch => watch.Every).DefaultIfEmpty().Max();
        var samples = Math.Max(0, (item.Samples ?? 0) - soaked.SoakedSamples) * every;
        var time = (item.Time ?? TimeSpan.Zero) - soaked.SoakedTime;
        return samples > time ? samples : time;
    }

    private static bool IsEnough(SoakItem item, Soaked soaked) =>
        (item.Time is not { } time || soaked.Time >= time)
        && (item.Samples is not { } samples || soaked.Samples >= samples);

    /// <summary>What counts: the least of all watches asked for; the engine's own clock when the plan has none.</summary>
    private Func<(TimeSpan Time, int Samples)> Measure(SoakItem item)
    {
        var watches = WatchesOf(item);
        if (watches.Length > 0)
            return () => (watches.Min(watch => watch.Good.Time), watches.Min(watch => watch.Good.Samples));
        var began = run.Clock.GetTimestamp();
        return () => (run.Clock.GetElapsedTime(began), 0);
    }

    private KeptWatch[] WatchesOf(SoakItem item) =>
        [.. keeper.Watches.Where(watch => item.Watch is null || watch.Name == item.Watch)];
}
