using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Engine;

namespace Belay.Cli.Verbs;

/// <summary><c>belay run</c>: carries a plan out.</summary>
internal static class RunVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var by = SharedOptions.By();
        var run = new Option<string?>("--run")
        {
            Description = "The new run's name; without it one is made",
            HelpName = "ID",
        };
        var noWait = new Option<bool>("--no-wait")
        {
            Description = "Halt where a person is waited for, instead of waiting",
        };
        var command = new Command("run", "Check a plan and carry it out")
        {
            plan,
            environment,
            inputs,
            run,
            noWait,
            by,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    shared.PlaceOf(parsed),
                    new(
                        parsed.GetRequiredValue(plan),
                        parsed.GetRequiredValue(environment),
                        GivenInputs.Read(parsed.GetValue(inputs)),
                        parsed.GetValue(run),
                        parsed.GetRequiredValue(by),
                        !parsed.GetValue(noWait)
                    ),
                    ct
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(Workplace place, Wish wish, CancellationToken ct)
    {
        var loaded = place.Load(wish.Plan, wish.Environment, wish.Inputs);
        var judgement = place.JudgeToRun(loaded.Plan, loaded.Environment);
        var run = await NameAsync(place, wish.Run, loaded.Plan.Upgrade, ct);
        var measured = await place.MeasuredAsync(loaded.Plan.Environment, except: null, ct);
        place.Screen.Write(BoundaryText.Of(loaded.Plan, place.BoundaryOf(loaded.Plan, measured)));
        place.Screen.Write(JudgementText.Of(judgement));
        place.Screen.Write("");
        return await place.CarryOutAsync(
            loaded.Environment,
            run,
            (engine, opened, halt) =>
            {
                opened(0);
                return engine.StartAsync(
                    new StartOrder
                    {
                        Run = run,
                        Plan = loaded.Plan,
                        PlanFile = Path.GetFullPath(wish.Plan),
                        Inputs = wish.Inputs,
                        Accepted = judgement.Accepted,
                        By = wish.By,
                        WaitForPeople = wish.WaitForPeople,
                    },
                    halt
                );
            }
        );
    }

    private static async Task<string> NameAsync(Workplace place, string? given, string upgrade, CancellationToken ct)
    {
        if (given is null)
            return await RunIds.NewAsync(upgrade, place.Store.Journals, place.Clock, ct);
        if (!RunIds.IsValid(given))
            throw new Refusal(
                ExitCode.BadUsage,
                $"'{given}' cannot name a run: letters, digits, '.', '_' and '-' only, a letter or digit first"
            );
        var known = await place.Store.Journals.ListAsync(null, ct);
        return known.All(name => name.Run != given)
            ? given
            : throw new Refusal(ExitCode.BadUsage, $"there is a run {given} already: belay status {given}");
    }

    private sealed record Wish(
        string Plan,
        string Environment,
        ImmutableSortedDictionary<string, string> Inputs,
        string? Run,
        string By,
        bool WaitForPeople
    );
}
