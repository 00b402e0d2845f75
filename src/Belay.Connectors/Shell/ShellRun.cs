using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Shell;

/// <summary>What <c>shell.run</c> sees of its work.</summary>
public sealed record ShellRunState
{
    /// <summary>Whether the work is done: the check says so, or, without a check, this run did it.</summary>
    public required bool Done { get; init; }

    /// <summary>The exit code with which this run's command ended; null when this run did not run it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines of its standard output, at most 4096 characters.</summary>
    public string? Output { get; init; }

    /// <summary>The last lines of its standard error, at most 4096 characters.</summary>
    public string? Error { get; init; }
}

/// <summary><c>shell.run</c>: runs a command, for work that no connector knows.</summary>
internal sealed class ShellRun(ShellRunInputs inputs, IScope scope) : IChange<ShellRunState>
{
    private const int LongestTail = 4096;

    /// <summary>From 126 on the shell's convention leaves the program's own codes: not executable, not found, ended by a signal (POSIX, 2.8.2).</summary>
    private const int FirstFailure = 126;

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ShellRunInputs, ShellRunState>(
            "shell.run",
            "Runs a command or a script, for work that no connector knows",
            options => new ShellRunJson(options),
            Reversal.Never,
            inputs =>
                [
                    new Touch($"shell:{inputs.Script ?? string.Join(' ', inputs.Command)}", TouchKind.Modify),
                    .. inputs.Touches,
                ],
            (inputs, scope) => new ShellRun(inputs, scope),
            inputs => ReversalOf(inputs),
            ShellRunInputs.Problems,
            RepeatOf
        );

    public Repeat Repeat => RepeatOf(inputs);

    public async ValueTask<ShellRunState> ObserveAsync(CancellationToken ct)
    {
        var record = RunRecord.Read(scope) is { Undone: false } mine ? mine : null;
        return new ShellRunState
        {
            Done = inputs.Check is { } check ? await HoldsAsync(check, ct) : record is not null,
            ExitCode = record?.ExitCode,
            Output = record?.Output,
            Error = record?.Error,
        };
    }

    public Difference Plan(ShellRunState observed) =>
        observed.Done
            ? Difference.None
            : Difference.Of(ReversalOf(inputs), new DifferenceLine("command", null, Work.ToString()));

    public bool Same(ShellRunState a, ShellRunState b) => a.Done == b.Done;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ShellRunState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        // The next line of output replaces one that nobody took yet: the command never waits for its readers.
        var lines = Channel.CreateBounded<string>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var running = RunAsync(lines.Writer, ct);
        await foreach (var line in lines.Reader.ReadAllAsync(CancellationToken.None))
            yield return Progress.Say(line);
        var result = await running;
        if (result.ExitCode != 0)
            throw OperationException.Refused(Words(Work, result));
        new RunRecord
        {
            ExitCode = result.ExitCode,
            Output = Tail(result.Output),
            Error = Tail(result.Error),
        }.Write(scope);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ShellRunState before,
        ShellRunState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var record = RunRecord.Read(scope);
        if (inputs.Undo is not { } undo || record is { Undone: true })
            yield break;
        var command = ShellCommands.Beside(inputs, scope.PlanFolder, undo);
        yield return Progress.Say(command.ToString());
        var result = await scope.Commands.RunAsync(command, null, ct);
        if (result.ExitCode != 0)
            throw OperationException.Refused(Words(command, result));
        ((record ?? Unrecorded) with { Undone = true }).Write(scope);
    }

    private Command Work => ShellCommands.Work(inputs, scope.PlanFolder);

    // The work was cut short before its end could be recorded.
    private static RunRecord Unrecorded =>
        new()
        {
            ExitCode = -1,
            Output = "",
            Error = "",
        };

    private static Repeat RepeatOf(ShellRunInputs inputs) =>
        inputs.Check is not null || inputs.Repeatable ? Repeat.Safe : Repeat.Never;

    private static Reversal ReversalOf(ShellRunInputs inputs) => inputs.Undo is null ? Reversal.Never : Reversal.Exact;

    private async Task<CommandResult> RunAsync(ChannelWriter<string> lines, CancellationToken ct)
    {
        try
        {
            return await scope.Commands.RunAsync(Work, line => lines.TryWrite(line.Text), ct);
        }
        finally
        {
            lines.Complete();
        }
    }

    private async Task<bool> HoldsAsync(ShellCommand check, CancellationToken ct)
    {
        var command = ShellCommands.Beside(inputs, scope.PlanFolder, check);
        var result = await scope.Commands.RunAsync(command, null, ct);
        return result.ExitCode < FirstFailure
            ? result.ExitCode == 0
            : throw OperationException.Refused($"the check says neither yes nor no: {Words(command, result)}");
    }

    private static string Words(Command command, CommandResult result) =>
        $"{command.Program} ended with {result.ExitCode}: {LastLines(result)}";

    private static string LastLines(CommandResult result)
    {
        var said = Tail(string.IsNullOrWhiteSpace(result.Error) ? result.Output : result.Error).Trim();
        return said.Length == 0 ? "it said nothing" : said;
    }

    private static string Tail(string text)
    {
        if (text.Length <= LongestTail)
            return text;
        var tail = text[^LongestTail..];
        return tail[(tail.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }
}

[JsonSerializable(typeof(ShellRunInputs))]
[JsonSerializable(typeof(ShellRunState))]
internal sealed partial class ShellRunJson : JsonSerializerContext;
