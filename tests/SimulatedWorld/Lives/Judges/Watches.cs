using Belay.Domain.Journal;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>The watches of a session, each with a conversation of its own.</summary>
internal sealed class Watches(Session session)
{
    private readonly Dictionary<string, WatchTalk> talks = new(StringComparer.Ordinal);

    public bool Any => !session.Plan.Watches.IsEmpty;

    /// <summary>When all watches had been asked once: from then on they are asked in turns; null: not yet.</summary>
    public long? FirstsAt =>
        talks.Count == session.Plan.Watches.Length && talks.Values.All(talk => talk.FirstAt is not null)
            ? talks.Values.Max(talk => talk.FirstAt)
            : null;

    public Talk Talk(Made made)
    {
        var watch = session.Plan.Watches.First(known => "watch." + known.Name == made.Step);
        if (talks.ContainsKey(watch.Name))
            session.Accuse($"the watch {watch.Name} is kept twice");
        return talks[watch.Name] = new WatchTalk(session, made, watch);
    }

    /// <summary>How much time, and how many samples, were good; least and most where a sample has just come in. Null: nothing is watched.</summary>
    public ((TimeSpan Time, int Samples) Least, (TimeSpan Time, int Samples) Most)? Good(string? name)
    {
        var asked = talks.Where(talk => name is null || talk.Key == name).Select(talk => talk.Value).ToArray();
        if (asked.Length == 0)
            return null;
        var before = asked.Select(talk => talk.Before).ToArray();
        var after = asked.Select(talk => talk.Good).ToArray();
        return (
            (before.Min(good => good.Time), before.Min(good => good.Samples)),
            (after.Min(good => good.Time), after.Min(good => good.Samples))
        );
    }

    public void OnAppended(JournalEvent happened)
    {
        var name = happened switch
        {
            WatchSampled sampled => sampled.Watch,
            WatchFailed failed => failed.Watch,
            _ => null,
        };
        if (name is null)
            return;
        if (talks.TryGetValue(name, out var talk))
            talk.Wrote(happened);
        else
            session.Accuse($"nobody was asked, and there came {happened}");
    }
}
