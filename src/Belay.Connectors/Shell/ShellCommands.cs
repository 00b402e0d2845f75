using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.Shell;

/// <summary>The commands of a step, as values.</summary>
internal static class ShellCommands
{
    /// <summary>Shorter values are ordinary words or numbers; removing them would tear the output apart.</summary>
    private const int LeastRedacted = 4;

    /// <summary>The work.</summary>
    public static Command Work(ShellRunInputs inputs, string planFolder) =>
        inputs.Script is { } script
            ? Build(inputs, planFolder, [Path.GetFullPath(script, planFolder), .. inputs.Arguments])
            : Build(inputs, planFolder, inputs.Command);

    /// <summary>A command beside the work: same folder, environment and limit.</summary>
    public static Command Beside(ShellRunInputs inputs, string planFolder, ShellCommand command) =>
        Build(inputs, planFolder, command.Command);

    private static Command Build(ShellRunInputs inputs, string planFolder, ImmutableArray<string> words) =>
        new()
        {
            Program = words[0],
            Arguments = words[1..],
            Folder = Path.GetFullPath(inputs.Folder ?? ".", planFolder),
            Environment = inputs.Environment.ToImmutableDictionary(v => v.Key, v => v.Value.Reveal()),
            Redact = [.. inputs.Environment.Values.Select(v => v.Reveal()).Where(v => v.Length >= LeastRedacted)],
            Limit = inputs.Limit,
        };
}
