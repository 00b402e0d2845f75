using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is said with a change. Its first word tells what the engine is about.</summary>
internal sealed partial class ChangeTalk : Talk
{
    private readonly BoundChange change;
    private readonly DoItem? item;
    private readonly string suffix;
    private readonly long began;
    private readonly bool isItsTurn;
    private readonly StepReading? known;

    public ChangeTalk(Session session, Made made)
        : base(session, made)
    {
        change = made.Change!;
        suffix = PlanOrder.Split(Step).Suffix;
        item = session.ItemOf<DoItem>(Step);
        began = Now;
        isItsTurn = session.IsItsTurn(Step);
        known = session.Reading.Find(Step);
    }

    protected override async Task TalkAsync()
    {
        switch (await PeekAsync())
        {
            case Said.Wrote { Event: UndoIntent }:
                await UndoAsync();
                break;
            case Said.Ask { Question: Question.Count }:
                await CountAsync();
                break;
            case Said.Ask { Question: Question.Restore }:
                await RestoreAsync();
                break;
            case Said.Ask { Question: Question.Observe } when Session.IsReobserving && known?.State == StepState.Done:
                await ReobserveAsync();
                break;
            case Said.Ask { Question: Question.Observe } when isItsTurn:
                await ForwardAsync();
                break;
            case Said.Ask { Question: Question.Observe }:
                await LookAsync();
                break;
            case Said.End:
                if (!Session.MayStop(suffix))
                    Accuse("it was made, and nothing was asked of it");
                break;
            case var first:
                Accuse($"the first word was {first}");
                break;
        }
        await EndAsync();
    }

    /// <summary>One look ahead, for an approval.</summary>
    private async Task LookAsync()
    {
        if (Session.Forward is null)
            Accuse("nothing is foreseen on the way back");
        var seen = await AskedAsync(Question.Observe);
        Session.Forward?.Approvals.Look(Step, change, seen.State);
    }

    private async Task ReobserveAsync()
    {
        var seen = await ObservedAsync(new Patience(began, TimeSpan.FromSeconds(30)), suffix);
        if (seen is null)
            return;
        var drifted =
            seen.Failure is not null || !change.Same(Session.Unsealed(known!.After!.Value), seen.State!.Value);
        Session.Forward?.Resumption.Looked(Step, drifted);
    }

    /// <summary>An observation that is tried again while the target asks for it.</summary>
    /// <returns>Null: the engine let go, because the run stops.</returns>
    private async Task<Seen?> ObservedAsync(Patience tries, string of)
    {
        while (true)
        {
            var seen = await AskedAsync(Question.Observe);
            if (seen.Failure is not OperationException { Kind: FailureKind.Transient })
                return seen;
            if (tries.Next(Now) is not { } next)
                return seen;
            if (await IsLeftAsync(of, "while it waited to ask again"))
                return null;
            if (Now != next)
                Accuse($"it was asked again at {Now}, not at {next}");
        }
    }

    /// <summary>A question and its answer.</summary>
    private async Task<Seen> AskedAsync(Question question)
    {
        if (await NextAsync() is not Said.Ask { Question: var asked } || asked != question)
        {
            Accuse($"{question} was to be asked");
            return new Seen(null, null, new OperationCanceledException());
        }
        var at = Now;
        if (await NextAsync() is not Said.Answer answer)
        {
            Accuse($"{question} was to be answered");
            return new Seen(null, null, new OperationCanceledException());
        }
        return new Seen(answer.Value as JsonElement?, answer.Value, answer.Failure)
        {
            Took = TimeSpan.FromTicks(Now - at),
        };
    }

    private async Task<T?> WrittenAsync<T>(string what)
        where T : JournalEvent
    {
        var said = await NextAsync();
        if (said is Said.Wrote { Event: T happened })
            return happened;
        Accuse($"{what}: {typeof(T).Name} was to be journaled, and there came {said}");
        return null;
    }

    /// <summary>What was answered.</summary>
    private sealed record Seen(JsonElement? State, object? Value, Exception? Failure)
    {
        public TimeSpan Took { get; init; }

        /// <summary>The failure in the three kinds that there are.</summary>
        public FailureKind Kind =>
            Failure switch
            {
                OperationException typed => typed.Kind,
                JsonException => FailureKind.Refused,
                _ => FailureKind.OutcomeUnknown,
            };
    }
}
