using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Soaks: only time that was sampled counts, and samples that were good; what was soaked before still counts.</summary>
internal sealed class Soaks(Session session)
{
    private readonly Dictionary<string, Course> courses = new(StringComparer.Ordinal);

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case StepStarted started when session.ItemOf<SoakItem>(started.Step) is { } item:
                var known = session.Reading.Find(started.Step);
                courses[started.Step] = new Course(
                    item,
                    known?.SoakedTime ?? TimeSpan.Zero,
                    known?.SoakedSamples ?? 0,
                    Measure(item),
                    session.Now
                );
                break;
            case Soaked soaked:
                Judge(soaked);
                break;
            case StepDone done when session.ItemOf<SoakItem>(done.Step) is { } item:
                if (
                    session.Reading.Find(done.Step) is not { } step
                    || !IsEnough(item, step.SoakedTime, step.SoakedSamples)
                )
                    session.Accuse($"{done.Step} is done, and has not soaked enough");
                courses.Remove(done.Step);
                break;
        }
    }

    public void After(JournalEvent happened)
    {
        if (happened is Soaked soaked && courses.TryGetValue(soaked.Step, out var course))
            course.Noted = session.Now;
    }

    private void Judge(Soaked soaked)
    {
        if (!courses.TryGetValue(soaked.Step, out var course))
        {
            session.Accuse($"{soaked.Step} has not begun, and soaks");
            return;
        }
        var (item, now) = (course.Item, Measure(course.Item));
        var least = (
            Time: course.Time + now.Least.Time - course.Base.Most.Time,
            Samples: course.Samples + now.Least.Samples - course.Base.Most.Samples
        );
        var most = (
            Time: course.Time + now.Most.Time - course.Base.Least.Time,
            Samples: course.Samples + now.Most.Samples - course.Base.Least.Samples
        );
        if (
            soaked.Time < least.Time
            || soaked.Time > most.Time
            || soaked.Samples < least.Samples
            || soaked.Samples > most.Samples
        )
            session.Accuse($"{soaked} is journaled, and the truth lies between {least} and {most}");
        var since = TimeSpan.FromTicks(session.Now - course.Noted);
        var isLast = IsEnough(item, soaked.Time, soaked.Samples);
        if (since > TimeSpan.FromSeconds(1.1) || (!isLast && since < TimeSpan.FromSeconds(1)))
            session.Accuse($"what {soaked.Step} soaked is noted after {since}");
        if (
            isLast
            && item.Time is { } time
            && !session.Watches.Any
            && soaked.Time > time + TimeSpan.FromMilliseconds(100)
            && course.Time < time
        )
            session.Accuse($"{soaked.Step} soaked {soaked.Time}, and {time} were asked for");
    }

    private static bool IsEnough(SoakItem item, TimeSpan time, int samples) =>
        (item.Time is not { } most || time >= most) && (item.Samples is not { } many || samples >= many);

    private ((TimeSpan Time, int Samples) Least, (TimeSpan Time, int Samples) Most) Measure(SoakItem item)
    {
        if (session.Watches.Good(item.Watch) is { } good)
            return good;
        var time = (TimeSpan.FromTicks(session.Now - session.Begun), 0);
        return (time, time);
    }

    private sealed record Course(
        SoakItem Item,
        TimeSpan Time,
        int Samples,
        ((TimeSpan Time, int Samples) Least, (TimeSpan Time, int Samples) Most) Base,
        long Began
    )
    {
        public long Noted { get; set; } = Began;
    }
}
