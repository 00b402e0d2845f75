using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Git;

/// <summary>Inputs of <c>git.checked-out</c>.</summary>
public sealed record CheckedOutInputs
{
    /// <summary>The folder of the checkout.</summary>
    public required string Directory { get; init; }

    /// <summary>The tag that it must be.</summary>
    public required string Tag { get; init; }

    /// <summary>The remote whose tag must be the same commit: a tag that was moved, or that only this checkout knows, is told. Default <c>origin</c>.</summary>
    public string Remote { get; init; } = "origin";

    /// <summary>Whether files that git does not know may lie in it. Default false.</summary>
    public bool Untracked { get; init; }

    /// <summary>How long the remote may take to answer. Default 1 minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>What <c>git.checked-out</c> sees.</summary>
public sealed record CheckedOutState
{
    /// <summary>The commit that is checked out.</summary>
    public required string Head { get; init; }

    /// <summary>The commit of the tag here; null when there is no such tag.</summary>
    public string? Tag { get; init; }

    /// <summary>The commit of the tag at the remote; null when there is no such tag.</summary>
    public string? Remote { get; init; }

    /// <summary>Files that are not as the commit has them, at most ten of them.</summary>
    public required ImmutableArray<string> Changed { get; init; }
}

/// <summary><c>git.checked-out</c>: whether a checkout is the tag, clean, and the tag is the remote's.</summary>
internal sealed class CheckedOut(CheckedOutInputs inputs, IScope scope) : ICheck<CheckedOutState>
{
    private const int MostNamed = 10;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<CheckedOutInputs, CheckedOutState>(
            "git.checked-out",
            "Checks that a checkout is the tag, clean, and up to date with its remote",
            options => new GitJson(options),
            inputs => [new Touch(FileInputs.Resource(inputs.Directory), TouchKind.Read)],
            (inputs, scope) => new CheckedOut(inputs, scope),
            inputs =>
                [
                    .. FileInputs.Problems(inputs.Directory, member: "directory"),
                    // git would read it as an option.
                    .. inputs.Tag.Length == 0 || inputs.Tag[0] == '-'
                        ? [new InputProblem("tag", "is no name of a tag")]
                        : Array.Empty<InputProblem>(),
                    .. inputs.Remote.Length == 0 || inputs.Remote[0] == '-'
                        ? [new InputProblem("remote", "is no name of a remote")]
                        : Array.Empty<InputProblem>(),
                ]
        );

    public async ValueTask<CheckedOutState> ObserveAsync(CancellationToken ct)
    {
        var head = await AskAsync(ct, "rev-parse", "--verify", "HEAD");
        var tag = await RunAsync(ct, "rev-parse", "--verify", "--quiet", $"refs/tags/{inputs.Tag}^{{commit}}");
        var changed = await AskAsync(
            ct,
            "status",
            "--porcelain=v1",
            $"--untracked-files={(inputs.Untracked ? "no" : "normal")}"
        );
        var remote = await AskAsync(
            ct,
            "ls-remote",
            "--tags",
            inputs.Remote,
            $"refs/tags/{inputs.Tag}",
            $"refs/tags/{inputs.Tag}^{{}}"
        );
        return new CheckedOutState
        {
            Head = head.Trim(),
            Tag = tag.ExitCode == 0 ? tag.Output.Trim() : null,
            Remote = CommitOf(remote),
            Changed =
            [
                .. changed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[3..]).Take(MostNamed),
            ],
        };
    }

    public Verdict Judge(CheckedOutState observed) =>
        observed switch
        {
            { Tag: null, Remote: null } => new Verdict.Broken(
                $"neither the checkout nor {inputs.Remote} has a tag {inputs.Tag}"
            ),
            { Remote: null } => new Verdict.Broken($"{inputs.Remote} has no tag {inputs.Tag}: only this checkout does"),
            { Tag: null } => new Verdict.Broken($"the checkout does not know the tag {inputs.Tag}: git fetch --tags"),
            _ when observed.Tag != observed.Remote => new Verdict.Broken(
                $"the tag {inputs.Tag} is {Short(observed.Tag)} here and {Short(observed.Remote)} at {inputs.Remote}: it was moved"
            ),
            _ when observed.Head != observed.Tag => new Verdict.Broken(
                $"{Short(observed.Head)} is checked out, and {inputs.Tag} is {Short(observed.Tag)}: git checkout {inputs.Tag}"
            ),
            { Changed: [var first, ..] } => new Verdict.Broken(
                $"the checkout is not as {inputs.Tag} has it: {first}{(observed.Changed.Length > 1 ? $" and {observed.Changed.Length - 1} more" : "")}"
            ),
            _ => Verdict.Ok,
        };

    // An annotated tag has two lines; the second one, with ^{}, is the commit that it points to (git-ls-remote(1)).
    private static string? CommitOf(string lines) =>
        lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .OrderByDescending(line => line.EndsWith("^{}", StringComparison.Ordinal))
            .Select(line => line.Split('\t')[0])
            .FirstOrDefault();

    private async Task<string> AskAsync(CancellationToken ct, params ImmutableArray<string> arguments)
    {
        var result = await RunAsync(ct, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw OperationException.Transient(
                $"{scope.PathOf(inputs.Directory)}: git {arguments[0]} ended with {result.ExitCode}: {result.Error.Trim().ReplaceLineEndings("; ")}"
            );
    }

    private Task<CommandResult> RunAsync(CancellationToken ct, params ImmutableArray<string> arguments) =>
        scope.Commands.RunAsync(
            new Command
            {
                Program = "git",
                // What the checkout's own configuration would start is not started (git-config(1), core.fsmonitor).
                Arguments = ["-c", "core.fsmonitor=false", .. arguments],
                Folder = scope.PathOf(inputs.Directory),
                Environment = ImmutableDictionary<string, string>
                    .Empty.Add("GIT_TERMINAL_PROMPT", "0")
                    // Reading must not write the index.
                    .Add("GIT_OPTIONAL_LOCKS", "0")
                    .Add("LC_ALL", "C"),
                Limit = inputs.Limit,
            },
            null,
            ct
        );

    private static string Short(string? commit) => commit is null ? "none" : commit[..Math.Min(commit.Length, 12)];
}

[JsonSerializable(typeof(CheckedOutInputs))]
[JsonSerializable(typeof(CheckedOutState))]
internal sealed partial class GitJson : JsonSerializerContext;
