using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Shell;

/// <summary>Inputs of <c>shell.run</c>. Exactly one of <see cref="Command"/> and <see cref="Script"/> is given.</summary>
public sealed record ShellRunInputs
{
    /// <summary>The program and its arguments, each passed as it is; no shell reads them. Never holds a secret: process lists show it.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>A script file, executable, run with <see cref="Arguments"/>. Its content counts into the hash that an approval covers.</summary>
    [FileInput]
    public string? Script { get; init; }

    /// <summary>Arguments of the script.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>A command that tells whether the work is done: exit code 0 yes, 1 to 125 no, anything else is a failure. It must only read.</summary>
    public ShellCommand? Check { get; init; }

    /// <summary>A command that takes the work back. It must be safe to repeat, and to run after half of the work. Without it the step can never be taken back.</summary>
    public ShellCommand? Undo { get; init; }

    /// <summary>What the command does to which resources, in the words of the other operations' touches. Lint and rehearsal believe it; nobody verifies it. Default: nothing is known.</summary>
    public ImmutableArray<Touch> Touches { get; init; } = [];

    /// <summary>Whether the work may be done again after a crash cut it short. Default false: without a check a person must then say whether it happened.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The folder to run in. Default: the plan's.</summary>
    public string? Folder { get; init; }

    /// <summary>Environment variables added to Belay's own, for all the commands of the step; the place for secrets. Values of 4 characters and more are removed from captured output.</summary>
    public ImmutableDictionary<string, Secret> Environment { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>How long each command may run. Default 10 minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    internal static IEnumerable<InputProblem> Problems(ShellRunInputs inputs)
    {
        if (inputs.Command.IsEmpty == inputs.Script is null)
            yield return new InputProblem("command", "give either command or script");
        if (!inputs.Arguments.IsEmpty && inputs.Script is null)
            yield return new InputProblem("arguments", "belong to script; those of a command stand in command itself");
        if (inputs.Check?.Command.IsEmpty == true)
            yield return new InputProblem("check.command", "is empty: name a program");
        if (inputs.Undo?.Command.IsEmpty == true)
            yield return new InputProblem("undo.command", "is empty: name a program");
        if (inputs.Limit <= TimeSpan.Zero)
            yield return new InputProblem("limit", "must be longer than 0");
        foreach (var name in inputs.Environment.Keys.Where(name => !IsVariable(name)))
            yield return new InputProblem(
                "environment",
                $"{name} is no name of a variable: use letters, digits and underscores, no digit first"
            );
    }

    private static bool IsVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

/// <summary>A command beside the main one.</summary>
public sealed record ShellCommand
{
    /// <summary>The program and its arguments, each passed as it is.</summary>
    public required ImmutableArray<string> Command { get; init; }
}
