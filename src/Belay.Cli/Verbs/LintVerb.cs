using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Lint;
using Belay.Domain.Plans;

namespace Belay.Cli.Verbs;

/// <summary><c>belay lint</c>: checks a plan without asking anything of the live system.</summary>
internal static class LintVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var command = new Command("lint", "Check a plan, and draw its boundary") { plan, environment, inputs };
        command.SetAction(parsed =>
            Check(
                shared.PlaceOf(parsed),
                parsed.GetRequiredValue(plan),
                parsed.GetRequiredValue(environment),
                GivenInputs.Read(parsed.GetValue(inputs))
            )
        );
        return command;
    }

    private static int Check(
        Workplace place,
        string path,
        string environment,
        ImmutableSortedDictionary<string, string> inputs
    )
    {
        var plan = place.Load(path, environment, inputs).Plan;
        var findings = Linter.Lint(plan, place.Catalog);
        var boundary = Boundary.Draw(plan, place.Catalog);
        place.Screen.Write([
            $"{path}: {plan.Upgrade} {plan.From} -> {plan.To} on {plan.Environment}, {plan.AllItems().Count()} items, {plan.Files.Length} files",
            .. plan.LeftOut.Select(left => (ScreenLine)$"left out: {left.Id}: {left.Why}"),
            .. BoundaryText.Of(plan, boundary),
            .. findings.Select(finding => ScreenLine.Of(finding.ToString(), Tone.Bad)),
        ]);
        place.Screen.Write(
            new LintAnswer(PlanJson.Hash(plan), plan.LeftOut, boundary, findings),
            CliJson.Instance.LintAnswer
        );
        return findings.IsEmpty ? ExitCode.Done : ExitCode.SaysNo;
    }
}

/// <summary>What lint found, as JSON.</summary>
/// <param name="PlanHash">The hash that an approval would cover.</param>
/// <param name="LeftOut">What <c>when</c> left out.</param>
/// <param name="Boundary">What going back costs after each change.</param>
/// <param name="Findings">Why a run would be refused; empty when it would not.</param>
internal sealed record LintAnswer(
    string PlanHash,
    ImmutableArray<LeftOut> LeftOut,
    ImmutableArray<BoundaryLine> Boundary,
    ImmutableArray<Finding> Findings
);
