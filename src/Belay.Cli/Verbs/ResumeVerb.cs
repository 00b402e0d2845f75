using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
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
                var name = await place.Runs.NameAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                var began = await place.Store.Journals.BeginningAsync(name, ct);
                // Half of the time to the first new step: so the files are read beside the journal, not before it.
                var now = parsed.GetValue(asStarted) ? null : Task.Run(() => PlanNow.Of(place, began), ct);
                var environmentNow = place.EnvironmentOf(began);
                return await place.CarryOutAsync(
                    environmentNow,
                    name,
                    (engine, opened, halt) =>
                        engine.ResumeAsync(
                            new ResumeOrder
                            {
                                Run = name,
                                By = parsed.GetRequiredValue(by),
                                WaitForPeople = !parsed.GetValue(noWait),
                                GroundFor = reading =>
                                {
                                    opened(reading.Sequence);
                                    return GroundForAsync(place, reading, now, environmentNow);
                                },
                            },
                            halt
                        )
                );
            }
        );
        return command;
    }

    /// <summary>What the run goes on with: judged, and shown where it is another plan than ran. Going back is made of what the journal has, never of a mended file, and always allowed.</summary>
    private static async Task<Ground> GroundForAsync(
        Workplace place,
        RunReading reading,
        Task<PlanNow>? now,
        EnvironmentFile environment
    )
    {
        if (reading.Rollback is not null)
            return new Ground();
        var mended = now is null ? null : Mended(place, reading, await now);
        var judgement = mended is null
            ? place.JudgeToGoOn(reading, environment)
            : place.JudgeToRun(mended, environment);
        place.Screen.Write(JudgementText.Of(judgement));
        return new Ground { Plan = mended, Accepted = judgement.Accepted };
    }

    /// <summary>The plan as its file reads now, when it is another one than ran; what changed in it is shown.</summary>
    private static Plan? Mended(Workplace place, RunReading reading, PlanNow read)
    {
        if (read.Result is not LoadResult.Loaded loaded)
        {
            place.Screen.Write(
                ScreenLine.Of(
                    $"the plan cannot be read as it stands now. Mend it; or go on with the plan as it was started: belay resume {reading.Run} --as-started",
                    Tone.Bad
                )
            );
            throw new Refusal(((LoadResult.Refused)read.Result).Diagnostics);
        }
        if (read.Hash == reading.PlanHash)
            return null;
        place.Screen.Write([
            ScreenLine.Of("the plan was changed since it ran; the run goes on with these changes:", Tone.Warning),
            .. Mend.Between(reading.Plan!, loaded.Plan).Changes.Select(change => (ScreenLine)$"    {change}"),
        ]);
        return loaded.Plan;
    }

    /// <summary>What the plan's files say now.</summary>
    /// <param name="Result">What was read.</param>
    /// <param name="Hash">The plan's hash; null when it was refused.</param>
    private sealed record PlanNow(LoadResult Result, string? Hash)
    {
        public static PlanNow Of(Workplace place, RunBeginning began) =>
            place.Reload(began) switch
            {
                LoadResult.Loaded loaded => new(loaded, PlanJson.Hash(loaded.Plan)),
                var refused => new(refused, null),
            };
    }
}
