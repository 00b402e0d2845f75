using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>A watch of a parked run: every answer is counted, and what is noted of them is held against that.</summary>
internal sealed class ParkedWatch(TimeProvider clock, Watch watch, Made made, Action counted) : ITranscript
{
    private readonly List<(bool Holds, long At)> answers = [];
    private CancellationToken until;
    private long? asked;
    private long lastGood = clock.GetTimestamp();
    private int inARow;
    private int noted;
    private int notedFailed;

    public string Name => watch.Name;

    public TimeSpan Every => watch.Every;

    /// <summary>How long it has to answer.</summary>
    public TimeSpan Limit => watch.Every > TimeSpan.FromSeconds(1) ? watch.Every : TimeSpan.FromSeconds(1);

    /// <summary>What was good since the run parked.</summary>
    public (TimeSpan Time, int Samples) Good { get; private set; }

    /// <summary>More failed in a row than is tolerated.</summary>
    public bool HasFailed => FailedAt is not null;

    public long? FailedAt { get; private set; }

    /// <summary>Over what it failed; null: the words are the engine's own.</summary>
    public string? Why { get; private set; }

    public void Asked(Question question, JsonElement? first, JsonElement? second, CancellationToken until)
    {
        GiveUp();
        (asked, this.until) = (clock.GetTimestamp(), until);
    }

    public void Answered(Question question, object? answer, Exception? failure)
    {
        if (asked is null)
            return;
        var isCut =
            failure is OperationCanceledException { Message: var words }
            && !words.StartsWith("simulated", StringComparison.Ordinal);
        if (isCut && !IsLate)
            asked = null;
        else
            Count(failure is null ? made.Check!.Judge((JsonElement)answer!) : null, failure);
    }

    public void Came(Progress progress) { }

    public void Left() => GiveUp();

    /// <summary>A window is journaled.</summary>
    public void Noted(WatchSampled sampled, Session session)
    {
        GiveUp();
        noted += sampled.Count;
        notedFailed += sampled.Failed;
        if (sampled.Until is null)
            session.Accuse($"{sampled} is noted, and does not say until when");
        if (noted > answers.Count || notedFailed != answers.Take(noted).Count(answer => !answer.Holds))
            session.Accuse(
                $"{sampled} is noted, and of {answers.Count} samples {notedFailed} of {noted} are said to have failed"
            );
    }

    /// <summary>The run wakes: every sample is noted.</summary>
    public void End(Session session)
    {
        if (
            noted != answers.Count(answer => answer.At <= session.Now)
            && noted < answers.Count(answer => answer.At < session.Now)
        )
            session.Accuse($"{Name} was asked {answers.Count} times while the run was parked, and {noted} are noted");
    }

    private bool IsLate => clock.GetElapsedTime(asked!.Value) >= Limit;

    /// <summary>Nobody waits for the last answer any more: it took too long, or the run wakes.</summary>
    private void GiveUp()
    {
        if (asked is null || !until.IsCancellationRequested)
            return;
        if (IsLate)
            Count(null, null);
        asked = null;
    }

    private void Count(Verdict? verdict, Exception? failure)
    {
        var (now, took) = (clock.GetTimestamp(), clock.GetElapsedTime(asked!.Value));
        asked = null;
        answers.Add((verdict is Verdict.Holds, now));
        if (verdict is Verdict.Holds)
        {
            var gap = clock.GetElapsedTime(lastGood);
            var counts = inARow == 0 && gap <= (watch.Every * 2) + took;
            Good = (Good.Time + (counts ? gap : TimeSpan.Zero), Good.Samples + 1);
            (inARow, lastGood) = (0, now);
        }
        else if (++inARow > watch.Tolerate && FailedAt is null)
        {
            FailedAt = now;
            Why = verdict switch
            {
                Verdict.NotYet wait => wait.Why,
                Verdict.Broken broken => broken.Why,
                _ => (failure as OperationException)?.Message,
            };
        }
        counted();
    }
}
