using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Releases.Checking;
using Belay.Releases.Reading;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release check</c>: a part of a plan that checks whether a release can begin.</summary>
internal static class ReleaseCheckVerb
{
    public static Command Create(SharedOptions shared)
    {
        var release = new Argument<string>("NEW") { Description = "The folder of the new release" };
        var values = new Option<string[]>("--mine")
        {
            Description = "A values file of yours, in which no placeholder may be left; may be given several times",
            HelpName = "FILE",
        };
        var variables = new Option<string?>("--env-file")
        {
            Description = "The file of variables that the service reads",
            HelpName = "FILE",
        };
        var registry = new Option<string?>("--registry")
        {
            Description = "The connection of the registry that must have the images",
            HelpName = "CONNECTION",
        };
        var part = new Option<string?>("--part")
        {
            Description = "Write the part into this file, for a plan's use; without it the part is printed",
            HelpName = "FILE",
        };
        var command = new Command(
            "check",
            "Write the checks that have to hold before a release begins, as a part of a plan"
        )
        {
            release,
            values,
            variables,
            registry,
            part,
        };
        command.SetAction(parsed =>
        {
            var screen = shared.ScreenOf(parsed);
            var (text, left) = PreflightPart.Of(
                ReleaseVerb.Reading(() => ReleaseReader.Read(parsed.GetRequiredValue(release))),
                new PreflightSources
                {
                    Values = [.. parsed.GetValue(values) ?? []],
                    EnvironmentFile = parsed.GetValue(variables),
                    Registry = parsed.GetValue(registry),
                }
            );
            if (parsed.GetValue(part) is { } file)
            {
                File.WriteAllText(file, text);
                screen.Write([
                    ScreenLine.Of($"written: {file}", Tone.Good),
                    .. left.Select(one => ScreenLine.Of($"not checked: {one}", Tone.Warning)),
                ]);
            }
            else if (screen.Format == OutputFormat.Text)
            {
                screen.WriteRaw(text);
            }
            screen.Write(new PreflightAnswer(text, left), CliJson.Instance.PreflightAnswer);
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>The part that <c>belay release check</c> made.</summary>
/// <param name="Part">Its text.</param>
/// <param name="NotChecked">What of the release no check of it covers.</param>
internal sealed record PreflightAnswer(string Part, ImmutableArray<string> NotChecked);
