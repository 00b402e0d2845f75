using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace SimulatedWorld.Watched;

/// <summary>A change to which somebody listens.</summary>
internal sealed class WatchedChange(BoundChange inner, ITranscript transcript) : BoundChange
{
    public override Repeat Repeat => inner.Repeat;

    public override ITokenSearch? Tokens => inner.Tokens is { } tokens ? new WatchedTokens(tokens, transcript) : null;

    public override BoundBackup? Backup => inner.Backup is { } backup ? new WatchedBackup(backup, transcript) : null;

    public override ValueTask<JsonElement> ObserveAsync(CancellationToken ct) =>
        Listening.AskAsync(transcript, Question.Observe, null, inner.ObserveAsync, ct);

    public override Difference Plan(JsonElement observed) => inner.Plan(observed);

    public override bool Same(JsonElement a, JsonElement b) => inner.Same(a, b);

    public override IAsyncEnumerable<Progress> ApplyAsync(JsonElement before, CancellationToken ct) =>
        Listening.WorkAsync(transcript, Question.Apply, before, null, inner.ApplyAsync(before, ct), ct);

    public override IAsyncEnumerable<Progress> UndoAsync(
        JsonElement before,
        JsonElement? after,
        CancellationToken ct
    ) => Listening.WorkAsync(transcript, Question.Undo, before, after, inner.UndoAsync(before, after, ct), ct);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        transcript.Left();
    }
}

/// <summary>A check to which somebody listens.</summary>
internal sealed class WatchedCheck(BoundCheck inner, ITranscript transcript) : BoundCheck
{
    public override ValueTask<JsonElement> ObserveAsync(CancellationToken ct) =>
        Listening.AskAsync(transcript, Question.Observe, null, inner.ObserveAsync, ct);

    public override Verdict Judge(JsonElement observed) => inner.Judge(observed);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        transcript.Left();
    }
}

/// <summary>A backup to which somebody listens.</summary>
internal sealed class WatchedBackup(BoundBackup inner, ITranscript transcript) : BoundBackup
{
    public override ValueTask<Loss> CountLossAsync(JsonElement after, CancellationToken ct) =>
        Listening.AskAsync(transcript, Question.Count, after, until => inner.CountLossAsync(after, until), ct);

    public override IAsyncEnumerable<Progress> RestoreAsync(JsonElement after, CancellationToken ct) =>
        Listening.WorkAsync(transcript, Question.Restore, after, null, inner.RestoreAsync(after, ct), ct);

    public override ValueTask<Verdict> VerifyRestoredAsync(JsonElement after, CancellationToken ct) =>
        Listening.AskAsync(transcript, Question.Verify, after, until => inner.VerifyRestoredAsync(after, until), ct);
}

/// <summary>A search for a token to which somebody listens.</summary>
internal sealed class WatchedTokens(ITokenSearch inner, ITranscript transcript) : ITokenSearch
{
    public ValueTask<TokenTrace> FindAsync(CancellationToken ct) =>
        Listening.AskAsync(transcript, Question.Find, null, inner.FindAsync, ct);
}

/// <summary>Tells a transcript what happens.</summary>
internal static class Listening
{
    public static async ValueTask<T> AskAsync<T>(
        ITranscript transcript,
        Question question,
        JsonElement? handed,
        Func<CancellationToken, ValueTask<T>> ask,
        CancellationToken ct
    )
    {
        transcript.Asked(question, handed, null, ct);
        try
        {
            var answer = await ask(ct);
            transcript.Answered(question, answer, null);
            return answer;
        }
        catch (Exception e)
        {
            transcript.Answered(question, null, e);
            throw;
        }
    }

    public static async IAsyncEnumerable<Progress> WorkAsync(
        ITranscript transcript,
        Question question,
        JsonElement first,
        JsonElement? second,
        IAsyncEnumerable<Progress> work,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        transcript.Asked(question, first, second, ct);
        await using var steps = work.GetAsyncEnumerator(ct);
        while (true)
        {
            try
            {
                if (!await steps.MoveNextAsync())
                    break;
            }
            catch (Exception e)
            {
                transcript.Answered(question, null, e);
                throw;
            }
            transcript.Came(steps.Current);
            yield return steps.Current;
        }
        transcript.Answered(question, null, null);
    }
}
