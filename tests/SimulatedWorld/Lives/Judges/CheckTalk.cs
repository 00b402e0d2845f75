using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is said with a check that is a step: asked once, until it holds, and for as long as it must go on holding.</summary>
internal sealed class CheckTalk(Session session, Made made, CheckItem item) : Talk(session, made)
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(1);
    private readonly string suffix = PlanOrder.Split(made.Step).Suffix;
    private (Answer Answer, string? Words)? said;

    protected override async Task TalkAsync()
    {
        if (Session.Reading.Find(Step) is { State: Belay.Domain.Readings.StepState.Done })
            Accuse("it is done, and is asked again");
        if (!Session.IsItsTurn(Step))
            Accuse("it is asked before its turn");
        Session.Forward?.Inputs.Judge(this, item, Made.Inputs);
        if (await NextAsync() is not Said.Wrote { Event: StepStarted })
            Accuse("it is asked, and its start is not journaled");
        if (Session.MustStop(suffix))
            Accuse("it began after the run had stopped");
        var began = Now;
        long? held = null;
        while (true)
        {
            var asked = await AskedAsync();
            if (asked is not { } heard)
                return;
            held = heard.Answer == Answer.Holds ? held ?? Now : null;
            var left = item.Within + (held is null ? TimeSpan.Zero : item.For) - TimeSpan.FromTicks(Now - began);
            if (held is { } since && TimeSpan.FromTicks(Now - since) >= item.For)
            {
                await HoldsAsync();
                return;
            }
            if (heard.Answer == Answer.Broken || left <= TimeSpan.Zero)
            {
                await FailedAsync(heard.Answer, heard.Why);
                return;
            }
            var next = Now + Math.Min(left.Ticks, item.Every.Ticks);
            if (await IsLeftAsync(suffix, "while it waited to ask again"))
                return;
            if (Now != next)
                Accuse($"it was asked again {TimeSpan.FromTicks(Now - next)} later than it should");
        }
    }

    private async Task<(Answer Answer, string? Why, JsonElement? State)?> AskedAsync()
    {
        var asked = Now;
        if (await NextAsync() is not Said.Ask || await NextAsync() is not Said.Answer answer)
        {
            Accuse("it was to be asked");
            return null;
        }
        if (
            answer.Failure is OperationCanceledException { Message: var words }
            && !words.StartsWith("simulated", StringComparison.Ordinal)
            && (Now - asked != LongestAnswer.Ticks || (Session.MayStop(suffix) && await PeekAsync() is Said.End))
        )
        {
            // The run stops: nothing is journaled of a question that was not answered.
            if (!Session.MayStop(suffix))
                Accuse("it was not waited for, and nothing stopped the run");
            await EndAsync();
            return null;
        }
        var heard = Judged(answer);
        var now = (heard.Answer, heard.Why ?? $"{answer.Failure?.GetType()} {answer.Failure?.Message}");
        if (said == now)
            return heard;
        said = now;
        if (await NextAsync() is not Said.Wrote { Event: Checked written })
        {
            Accuse($"it says {heard.Answer} now, and that is not journaled");
        }
        else if (
            written.Answer != heard.Answer
            || (heard.Why is not null && written.Why != heard.Why)
            || written.Observed.HasValue != heard.State.HasValue
            || (heard.State is { } state && !Json.Same(written.Observed!.Value, state))
        )
        {
            Accuse($"it says {heard.Answer}: {heard.Why}, and {written} is journaled");
        }
        return heard;
    }

    private (Answer Answer, string? Why, JsonElement? State) Judged(Said.Answer answer)
    {
        if (answer.Failure is { } failure)
            return (Answer.Unknown, (failure as OperationException)?.Message, null);
        var state = (JsonElement)answer.Value!;
        return Made.Check!.Judge(state) switch
        {
            Verdict.Holds => (Answer.Holds, null, state),
            Verdict.NotYet wait => (Answer.NotYet, wait.Why, state),
            Verdict.Broken broken => (Answer.Broken, broken.Why, state),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task HoldsAsync()
    {
        if (await NextAsync() is not Said.Wrote { Event: StepDone })
            Accuse("it held for as long as it must, and is not done");
        await EndAsync();
    }

    private async Task FailedAsync(Answer answer, string? why)
    {
        if (await NextAsync() is not Said.Wrote { Event: StepFailed failed })
        {
            Accuse("it does not hold, and has not failed");
            return;
        }
        var kind = answer == Answer.Unknown ? FailureKind.OutcomeUnknown : FailureKind.Refused;
        if (failed.Failure != kind || (why is not null && failed.Why != why))
            Accuse($"it said {answer}: {why}, and {failed} is journaled");
        Session.Add(HaltCause.CheckFailed, Step, failed.Why, suffix);
        await EndAsync();
    }
}
