using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Planning.Compatibility;
using Belay.Releases.Paths;

namespace Belay.Cli.Verbs;

/// <summary><c>belay path</c>: the fewest steps from what runs to what is wanted, with everything compatible on the way.</summary>
internal static class PathVerb
{
    public static Command Create(SharedOptions shared)
    {
        var file = new Argument<string>("COMPATIBILITY") { Description = "The file that states what works with what" };
        var now = new Option<string[]>("--now")
        {
            Description = "A version that runs now; may be given several times",
            HelpName = "COMPONENT=VERSION",
        };
        var want = new Option<string[]>("--want")
        {
            Description = "A version, or a range of versions, that shall run in the end; may be given several times",
            HelpName = "COMPONENT=RANGE",
        };
        var command = new Command(
            "path",
            "Find the order in which components can be upgraded, or what speaks against it"
        )
        {
            file,
            now,
            want,
        };
        command.SetAction(parsed =>
        {
            var screen = shared.ScreenOf(parsed);
            var path = parsed.GetRequiredValue(file);
            var loaded = Load(
                path,
                GivenInputs.Read(parsed.GetValue(now), "--now"),
                GivenInputs.Read(parsed.GetValue(want), "--want")
            );
            var answer = UpgradePaths.Find(loaded.Facts, loaded.Wants);
            screen.Write(Lines(path, answer));
            screen.Write(PathReply.Of(answer), CliJson.Instance.PathReply);
            return answer switch
            {
                PathAnswer.Found => ExitCode.Done,
                PathAnswer.None => ExitCode.SaysNo,
                _ => ExitCode.Failed,
            };
        });
        return command;
    }

    private static CompatibilityResult.Loaded Load(
        string path,
        ImmutableSortedDictionary<string, string> now,
        ImmutableSortedDictionary<string, string> want
    ) =>
        CompatibilityLoader.Load(path, now, want) switch
        {
            CompatibilityResult.Loaded loaded => loaded,
            CompatibilityResult.Refused refused => throw new Refusal(refused.Diagnostics),
            _ => throw new InvalidOperationException("a result of no known kind"),
        };

    private static IEnumerable<ScreenLine> Lines(string path, PathAnswer answer) =>
        answer switch
        {
            PathAnswer.Found { Steps: 0 } => [ScreenLine.Of($"{path}: all that is wanted runs already", Tone.Good)],
            PathAnswer.Found found =>
            [
                ScreenLine.Of(
                    $"{path}: {found.Steps} steps in {found.Stages.Length} stages; what stands in one stage may run at the same time",
                    Tone.Strong
                ),
                .. found.Stages.SelectMany((stage, i) => Stage(i + 1, stage)),
            ],
            PathAnswer.None none =>
            [
                ScreenLine.Of(
                    $"{path}: there is no path; these contradict each other, and without any one of them the others do not:",
                    Tone.Bad
                ),
                .. none.Statements.Select(statement => (ScreenLine)$"  {statement}"),
            ],
            PathAnswer.GaveUp gaveUp => [ScreenLine.Of($"{path}: no answer: {gaveUp.Why}", Tone.Bad)],
            _ => throw new InvalidOperationException("an answer of no known kind"),
        };

    private static IEnumerable<ScreenLine> Stage(int number, ImmutableArray<PathStep> stage)
    {
        var width = stage.Max(step => step.Component.Length);
        return stage.Select(
            (step, i) =>
                (ScreenLine)
                    $"{(i == 0 ? $"{number}" : ""), 3}  {step.Component.PadRight(width)}  {step.From ?? "not there"} -> {step.To}"
        );
    }
}

/// <summary>The answer of <c>belay path</c> as JSON.</summary>
/// <param name="Stages">The path; null when there is none.</param>
/// <param name="Contradiction">What contradicts each other; empty when there is a path.</param>
/// <param name="GaveUp">Why there is no answer; null when there is one.</param>
internal sealed record PathReply(
    ImmutableArray<ImmutableArray<PathStep>>? Stages,
    ImmutableArray<Statement> Contradiction,
    string? GaveUp
)
{
    public static PathReply Of(PathAnswer answer) =>
        new(
            (answer as PathAnswer.Found)?.Stages,
            (answer as PathAnswer.None)?.Statements ?? [],
            (answer as PathAnswer.GaveUp)?.Why
        );
}
