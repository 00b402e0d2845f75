using Belay.Domain.Contract;
using Belay.Domain.Journal;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>The engine went on without an answer.</summary>
internal sealed class NotWaitedFor() : OperationCanceledException("nobody waits for the answer any more");

/// <summary>A conversation between the engine and one operation, held against what the engine promised. Everything that is said out of turn is a violation.</summary>
internal abstract class Talk : ITranscript
{
    private readonly Inbox<Said> inbox = new();
    private (Question Question, CancellationToken Until)? open;
    private Said? ahead;
    private bool isOver;
    private Task? talk;

    protected Talk(Session session, Made made) => (Session, Made, Step) = (session, made, made.Step);

    public string Step { get; }

    protected Session Session { get; }

    protected Made Made { get; }

    protected long Now => Session.Now;

    /// <summary>Somebody still speaks.</summary>
    public bool IsOpen => !isOver;

    public void Asked(
        Question question,
        System.Text.Json.JsonElement? first,
        System.Text.Json.JsonElement? second,
        CancellationToken until
    )
    {
        GiveUp();
        open = (question, until);
        Put(new Said.Ask(question, first, second));
    }

    public void Answered(Question question, object? answer, Exception? failure)
    {
        // The engine may have stopped listening before.
        if (open?.Question != question)
            return;
        open = null;
        Put(new Said.Answer(question, answer, failure));
    }

    public void Came(Progress progress) => Put(new Said.Came(progress));

    public void Wrote(JournalEvent happened)
    {
        // Progress is written while the work goes on.
        if (happened is not Progressed and not ChildStarted and not ChildEnded)
            GiveUp();
        Put(new Said.Wrote(happened));
    }

    public void Left()
    {
        GiveUp();
        Put(new Said.End());
        isOver = true;
        Session.Closed(this);
    }

    /// <summary>How the conversation should go.</summary>
    protected abstract Task TalkAsync();

    /// <summary>What is said next.</summary>
    protected async Task<Said> NextAsync()
    {
        if (ahead is { } known)
        {
            ahead = null;
            return known;
        }
        return await inbox;
    }

    /// <summary>What is said next, which is then said again.</summary>
    protected async Task<Said> PeekAsync() => ahead ??= await inbox;

    protected void Accuse(string what) => Session.Accuse($"{Step} ({Made.Operation}): {what}");

    /// <summary>Nothing else may follow.</summary>
    protected async Task EndAsync()
    {
        if (await NextAsync() is not Said.End and var said)
            Accuse($"nothing was to follow, and there came {said}");
    }

    /// <summary>The engine may let go here, because the run stops.</summary>
    protected async Task<bool> IsLeftAsync(string suffix, string what)
    {
        if (await PeekAsync() is not Said.End)
            return false;
        if (!Session.MayStop(suffix))
            Accuse($"it was let go of {what}, and nothing stopped the run");
        return true;
    }

    private void GiveUp()
    {
        if (open is not { } asked)
            return;
        if (!asked.Until.IsCancellationRequested)
            Session.Accuse($"{Step}: nobody waits for the answer to {asked.Question}");
        open = null;
        Put(new Said.Answer(asked.Question, null, new NotWaitedFor()));
    }

    private void Put(Said said)
    {
        if (Session.IsMute || isOver)
            return;
        var outer = SynchronizationContext.Current;
        // The judge goes on inside this very call, and not when the simulation finds time.
        SynchronizationContext.SetSynchronizationContext(null);
        talk ??= TalkAsync();
        inbox.Put(said);
        SynchronizationContext.SetSynchronizationContext(outer);
        if (talk.IsFaulted)
            Session.Accuse($"{Step}: the judge fails: {talk.Exception!.InnerException}");
    }
}
