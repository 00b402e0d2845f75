using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary><c>belay lint</c>: checks a plan without asking anything of the live system.</summary>
internal static class LintVerb
{
    public const string Name = "lint";

    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        // Without a plan a code can still be explained.
        plan.Arity = ArgumentArity.ZeroOrOne;
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var explain = new Option<string?>("--explain")
        {
            Description = "Say what a code means, why, and how to mend it, and check no plan",
            HelpName = "CODE",
        };
        explain.CompletionSources.Add(_ =>
            LintCodes.All.Select(code => new System.CommandLine.Completions.CompletionItem(code))
        );
        var command = new Command(Name, "Check a plan, and draw its boundary") { plan, environment, inputs, explain };
        command.SetAction(
            async (parsed, ct) =>
                parsed.GetValue(explain) is { } code
                    ? Explain(shared.ScreenOf(parsed), code)
                    : await CheckAsync(
                        shared.PlaceOf(parsed),
                        parsed.GetValue(plan) ?? throw new Refusal(ExitCode.BadUsage, "which plan? belay lint PLAN"),
                        parsed.GetRequiredValue(environment),
                        GivenInputs.Read(parsed.GetValue(inputs)),
                        ct
                    )
        );
        return command;
    }

    private static int Explain(Screen screen, string code)
    {
        screen.WriteRaw(LintPages.Of(code));
        return ExitCode.Done;
    }

    private static async Task<int> CheckAsync(
        Workplace place,
        string path,
        string environment,
        ImmutableSortedDictionary<string, string> inputs,
        CancellationToken ct
    )
    {
        LoadResult.Loaded loaded;
        try
        {
            loaded = place.Load(path, environment, inputs);
        }
        catch (Refusal refusal) when (place.Screen.Format == OutputFormat.Sarif)
        {
            place.Screen.WriteRaw(Sarif.Of(refusal.Diagnostics));
            return refusal.ExitCode;
        }
        var judgement = place.Judge(loaded);
        var measured = await place.MeasuredAsync(loaded.Plan.Environment, except: null, ct);
        Show(place, path, loaded.Plan, place.BoundaryOf(loaded.Plan, measured), judgement);
        return judgement.Refusals.IsEmpty ? ExitCode.Done : ExitCode.SaysNo;
    }

    private static void Show(
        Workplace place,
        string path,
        Plan plan,
        ImmutableArray<BoundaryLine> boundary,
        Judgement judgement
    )
    {
        place.Screen.Write([
            $"{path}: {plan.Upgrade} {plan.From} -> {plan.To} on {plan.Environment}, {plan.AllItems().Count()} items, {plan.Files.Length} files",
            .. plan.LeftOut.Select(left => (ScreenLine)$"left out: {left.Id}: {left.Why}"),
            .. BoundaryText.Of(plan, boundary),
            .. JudgementText.Of(judgement),
        ]);
        place.Screen.Write(
            new LintAnswer(PlanJson.Hash(plan), plan.LeftOut, boundary, judgement.Findings, judgement.Accepted),
            CliJson.Instance.LintAnswer
        );
        if (place.Screen.Format == OutputFormat.Sarif)
            place.Screen.WriteRaw(Sarif.Of(path, judgement));
    }
}

/// <summary>What lint found, as JSON.</summary>
/// <param name="PlanHash">The hash that an approval would cover.</param>
/// <param name="LeftOut">What <c>when</c> left out.</param>
/// <param name="Boundary">What going back costs after each change.</param>
/// <param name="Findings">What stands against the plan; a run is refused when one of them is an error.</param>
/// <param name="Accepted">What would stand against it, had nobody accepted it.</param>
internal sealed record LintAnswer(
    string PlanHash,
    ImmutableArray<LeftOut> LeftOut,
    ImmutableArray<BoundaryLine> Boundary,
    ImmutableArray<Finding> Findings,
    ImmutableArray<AcceptedRisk> Accepted
);
