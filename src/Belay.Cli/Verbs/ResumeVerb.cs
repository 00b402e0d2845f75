using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Resuming;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary><c>belay resume</c>: goes on after a halt or a crash, with the plan as its file reads now.</summary>
internal static class ResumeVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var by = SharedOptions.By();
        var noWait = new Option<bool>("--no-wait")
        {
            Description = "Halt where a person is waited for, instead of waiting",
        };
        var asStarted = new Option<bool>("--as-started")
        {
            Description = "Go on with the plan as the journal has it, without reading its file again",
        };
        var command = new Command("resume", "Go on with a run that was halted, or whose engine died")
        {
            run,
            environment,
            asStarted,
            noWait,
            by,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                // Half of the time to the first new step: so the files are read beside the journal, not after it.
                Task<PlanNow>? now = null;
                var reading = await place.Runs.FindAsync(
                    parsed.GetValue(run),
                    parsed.GetValue(environment),
                    ct,
                    started => now = parsed.GetValue(asStarted) ? null : Task.Run(() => PlanNow.Of(place, started))
                );
                return await ResumeAsync(place, reading, now, parsed.GetRequiredValue(by), !parsed.GetValue(noWait));
            }
        );
        return command;
    }

    private static async Task<int> ResumeAsync(
        Workplace place,
        RunReading reading,
        Task<PlanNow>? now,
        string by,
        bool waitForPeople
    )
    {
        RefuseClosed(reading);
        // Going back is made of what the journal has, never of a mended file.
        var (plan, environment) =
            now is null || reading.Rollback is not null
                ? (null, place.EnvironmentOf(reading))
                : AsItReadsNow(place, reading, await now);
        var judgement = JudgementOf(place, reading, plan, environment);
        place.Screen.Write(JudgementText.Of(judgement));
        return await place.CarryOutAsync(
            environment,
            reading.Run,
            reading.Sequence,
            (engine, halt) =>
                engine.ResumeAsync(
                    new ResumeOrder
                    {
                        Run = reading.Run,
                        Plan = plan,
                        Accepted = judgement.Accepted,
                        By = by,
                        WaitForPeople = waitForPeople,
                    },
                    halt
                )
        );
    }

    /// <summary>The plan as its file reads now; what changed in it is shown.</summary>
    private static (Plan? Plan, EnvironmentFile Environment) AsItReadsNow(
        Workplace place,
        RunReading reading,
        PlanNow now
    )
    {
        if (now.Result is not LoadResult.Loaded loaded)
        {
            place.Screen.Write(
                ScreenLine.Of(
                    $"the plan cannot be read as it stands now. Mend it; or go on with the plan as it was started: belay resume {reading.Run} --as-started",
                    Tone.Bad
                )
            );
            throw new Refusal(((LoadResult.Refused)now.Result).Diagnostics);
        }
        if (now.Hash == reading.PlanHash)
            return (null, loaded.Environment);
        place.Screen.Write([
            ScreenLine.Of("the plan was changed since it ran; the run goes on with these changes:", Tone.Warning),
            .. Mend.Between(reading.Plan!, loaded.Plan).Changes.Select(change => (ScreenLine)$"    {change}"),
        ]);
        return (loaded.Plan, loaded.Environment);
    }

    /// <summary>A mended plan is judged as a new one; going back is always allowed.</summary>
    private static Judgement JudgementOf(
        Workplace place,
        RunReading reading,
        Plan? mended,
        EnvironmentFile environment
    ) =>
        reading.Rollback is not null ? new Judgement([], [])
        : mended is null ? place.JudgeToGoOn(reading.Plan!, environment)
        : place.JudgeToRun(mended, environment);

    /// <summary>What the plan's files say now.</summary>
    /// <param name="Result">What was read.</param>
    /// <param name="Hash">The plan's hash; null when it was refused.</param>
    private sealed record PlanNow(LoadResult Result, string? Hash)
    {
        public static PlanNow Of(Workplace place, RunStarted started) =>
            place.Reload(started) switch
            {
                LoadResult.Loaded loaded => new(loaded, PlanJson.Hash(loaded.Plan)),
                var refused => new(refused, null),
            };
    }

    private static void RefuseClosed(RunReading reading)
    {
        if (reading.Status.IsClosed())
            throw new Refusal(
                ExitCode.Failed,
                $"run {reading.Run} is closed: there is nothing to go on with; see belay status {reading.Run}"
            );
    }
}
