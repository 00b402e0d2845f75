using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Cli.Work;
using Belay.Domain.Json;

namespace Belay.Cli.Verbs;

/// <summary><c>belay compare</c>: what differed between two runs.</summary>
internal static class CompareVerb
{
    public static Command Create(SharedOptions shared)
    {
        var first = new Argument<string>("RUN") { Description = "A run" };
        var second = new Argument<string>("OTHER") { Description = "The run that it is compared with" };
        var command = new Command("compare", "Show what differed between two runs: plan, outcomes, effects, times")
        {
            first,
            second,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var compared = RunComparison.Of(
                    await place.Runs.FindAsync(parsed.GetRequiredValue(first), null, ct),
                    await place.Runs.FindAsync(parsed.GetRequiredValue(second), null, ct)
                );
                place.Screen.Write(Lines(compared));
                place.Screen.Write(compared, CliJson.Instance.RunComparison);
                return compared.IsSame ? ExitCode.Done : ExitCode.DifferencesPresent;
            }
        );
        return command;
    }

    private static IEnumerable<ScreenLine> Lines(RunComparison compared)
    {
        yield return ScreenLine.Of($"{Line(compared.First)}  ->  {Line(compared.Second)}", Tone.Strong);
        if (compared.IsSame)
            yield return "same plan, same outcomes, same effects; no time differed much";
        foreach (var change in compared.Plan)
            yield return $"  plan   {change}";
        foreach (var step in compared.Steps)
        {
            yield return $"  step   {step.Step}: {Side(step.First)}  ->  {Side(step.Second)}";
            foreach (var line in step.OnlyFirst)
                yield return $"           only in the first: {line}";
            foreach (var line in step.OnlySecond)
                yield return $"           only in the second: {line}";
        }
    }

    private static string Line(ComparedRun run) =>
        $"{run.Run} ({run.From} -> {run.To} on {run.Environment}, {run.Status}{(run.Took is { } took ? $", {Duration.Rounded(took)}" : "")})";

    private static string Amount(ComparedSide side) =>
        side.Amount is { } amount ? FormattableString.Invariant($", {amount.Count:#,0} {amount.Unit}") : "";

    private static string Side(ComparedSide? side) =>
        side is null ? "not begun"
        : side.Took is { } took ? $"{side.State}, {Duration.Rounded(took)}{Amount(side)}"
        : $"{side.State}";
}
