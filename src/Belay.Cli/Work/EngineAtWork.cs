using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Domain.Memory;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Has an engine carry out an order in this process, shows the journal meanwhile, and ends with the status.</summary>
internal static class EngineAtWork
{
    /// <param name="place">The workplace.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="run">The run.</param>
    /// <param name="order">What the engine is to do; it tells the last event that was there before, and the token asks for a halt.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> CarryOutAsync(
        this Workplace place,
        EnvironmentFile environment,
        string run,
        Func<RunEngine, Action<long>, CancellationToken, Task<RunOutcome>> order
    )
    {
        var engine = place.EngineFor(environment);
        var screen = RunScreens.For(place);
        using var interrupts = new Interrupts(() =>
            screen.Say("halting at the next safe point; again to leave at once")
        );
        var outcome = await screen.WhileAsync(async () =>
        {
            var opened = new TaskCompletionSource<long>();
            var work = Task.Run(() => order(engine, opened.SetResult, interrupts.Halt));
            JournalException? unreadable = null;
            try
            {
                await new Follower(place.Store.Journals, place.Clock).FollowAsync(
                    run,
                    opened.Task,
                    screen,
                    async reading => work.IsCompleted && IsShown(await work, reading),
                    CancellationToken.None
                );
            }
            catch (JournalException e) when (!work.IsCompleted)
            {
                // What cannot be shown must not go on unseen.
                unreadable = e;
                await interrupts.AskAsync();
            }
            catch (OperationCanceledException) when (work.IsCanceled)
            {
                // It is told below.
            }
            return await EndOfAsync(work, unreadable);
        });
        return await ConcludeAsync(place, outcome);
    }

    /// <summary>An engine that is told to stop before it has begun ends without an outcome.</summary>
    private static async Task<RunOutcome> EndOfAsync(Task<RunOutcome> work, JournalException? unreadable)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException) when (work.IsCanceled)
        {
            throw (Exception?)unreadable
                ?? new Refusal(ExitCode.Halted, "it was told to stop before it had begun: nothing was changed");
        }
    }

    // What could not be journaled will never be read.
    private static bool IsShown(RunOutcome outcome, RunReading reading) =>
        outcome.Problem is not null || reading.Sequence >= outcome.Reading.Sequence;

    private static async Task<int> ConcludeAsync(Workplace place, RunOutcome outcome)
    {
        // Who reads that it halted asks next how long going back takes.
        var known =
            outcome.Reading.Status == RunStatus.Halted
                ? await place.MeasuredAsync(
                    outcome.Reading.Plan!.Environment,
                    except: outcome.Reading.Run,
                    CancellationToken.None
                )
                : Measurements.None;
        // The lease is given back: whether somebody holds it now says nothing about this engine.
        var status = StatusReporter.Of(outcome.Reading, outcome.Holder, place.PlacesOf(outcome.Reading), known);
        place.Screen.Write([.. StatusText.Of(status, place.Clock.GetUtcNow()).Prepend("")]);
        place.Screen.Write(status, CliJson.Instance.StatusReport);
        return outcome.Problem is { } problem
            ? throw new Refusal(
                ExitCode.Halted,
                $"{problem}; what came after the last event is not journaled: belay status"
            )
            : status.ExitCode;
    }
}
