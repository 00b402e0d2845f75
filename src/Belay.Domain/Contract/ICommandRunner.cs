using System.Collections.Immutable;

namespace Belay.Domain.Contract;

/// <summary>The one way to call a command-line tool.</summary>
/// <remarks>Children run in a session of their own, so that Ctrl-C reaches Belay alone, and carry a mark of run and step, so that none is forgotten after a crash.</remarks>
public interface ICommandRunner
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="output">Called for each line of output as it comes, secrets removed; null: nobody listens.</param>
    /// <param name="ct">Ends the child (SIGTERM, then SIGKILL after its grace).</param>
    /// <exception cref="OperationException">
    /// Refused when the program does not exist; outcome unknown when the time limit passed or the call was cancelled.
    /// An exit code other than 0 is no exception: judge <see cref="CommandResult.ExitCode"/>.
    /// </exception>
    Task<CommandResult> RunAsync(Command command, Action<OutputLine>? output, CancellationToken ct);

    /// <summary>Starts a service that outlives Belay; it is no child to be settled after a crash.</summary>
    /// <param name="command">What to start; its time limit is not used.</param>
    /// <param name="logFile">Where (absolute path) both its outputs are appended.</param>
    /// <param name="ct">Cancels before the start only.</param>
    Task<ProcessIdentity> StartServiceAsync(Command command, string logFile, CancellationToken ct);
}

/// <summary>A command as a value: built by pure functions, run by one runner.</summary>
public sealed record Command
{
    /// <summary>The program: a name looked up in PATH, or a path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, each passed as it is; never through a shell. Never holds a secret: process lists show it.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Environment variables added to Belay's own; the place for secrets.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Values removed from all captured output.</summary>
    public ImmutableArray<string> Redact { get; init; } = [];

    /// <summary>The folder to run in (absolute). Default: the plan's.</summary>
    public string? Folder { get; init; }

    /// <summary>What is written to its standard input; null: it is empty.</summary>
    public string? Input { get; init; }

    /// <summary>How long it may run. Default 10 minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it has between SIGTERM and SIGKILL. Default 5 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long whoever finds the child still at work after a crash waits for its end before ending it. Default zero: it is ended at once. For a tool that would leave its own records behind what it did.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>The command line for people; quoted where needed.</summary>
    public override string ToString() => string.Join(' ', Arguments.Insert(0, Program).Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0
        && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

/// <summary>A line of a child's output, secrets removed.</summary>
public readonly record struct OutputLine(bool IsError, string Text);

/// <summary>How a command ended. Output is capped at 1 MiB a stream; the middle is left out and said so.</summary>
public sealed record CommandResult
{
    /// <summary>The exit code; 128 + n for signal n.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Standard output, secrets removed.</summary>
    public required string Output { get; init; }

    /// <summary>Standard error, secrets removed.</summary>
    public required string Error { get; init; }

    /// <summary>How long it ran.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/PID/stat</c> (proc(5)): clock ticks after boot at which it started.</param>
public sealed record ProcessIdentity(int Pid, long StartTicks);
