using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Runs <c>mongodump</c> or <c>mongorestore</c>, and gives its failure a type.</summary>
internal sealed class ToolRun(IScope scope, string place)
{
    private const int LinesOfError = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // What both tools print for each collection that they have finished (mongodump: dump.go, mongorestore: restore.go).
    private static readonly string[] DoneLines = ["done dumping ", "finished restoring "];

    // What the driver in the tools says when a server cannot be reached, or goes away.
    private static readonly string[] LostLines =
    [
        "server selection error",
        "connection refused",
        "connection reset",
        "EOF",
        "NotWritablePrimary",
        "InterruptedDueToReplStateChange",
        "ShutdownInProgress",
    ];

    /// <summary>Runs the tool to its end; left early, it is ended.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="collections">How many collections there are.</param>
    /// <param name="doing">What is done, for people.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="OperationException">Transient: the server went away; refused: anything else that the tool said.</exception>
    public async IAsyncEnumerable<Progress> RunAsync(
        Command command,
        int? collections,
        string doing,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var done = 0;
        var running = scope.Commands.RunAsync(command, Count, ending.Token);
        try
        {
            while (!running.IsCompleted)
            {
                yield return Progress.Count(Volatile.Read(ref done), collections, "collections", doing);
                await Task.WhenAny(running, Task.Delay(Interval, scope.Clock, ct));
                ct.ThrowIfCancellationRequested();
            }
            Judge(command, await running);
        }
        finally
        {
            await ending.CancelAsync();
            await running.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        }

        void Count(OutputLine line)
        {
            if (DoneLines.Any(begin => line.Text.Contains(begin, StringComparison.Ordinal)))
                Interlocked.Increment(ref done);
        }
    }

    private void Judge(Command command, CommandResult result)
    {
        if (result.ExitCode == 0)
            return;
        var name = Path.GetFileName(command.Program);
        var errors = result
            .Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeLast(LinesOfError);
        var message = $"{place}: {name} ended with {result.ExitCode}: {string.Join("; ", errors)}";
        throw LostLines.Any(line => result.Error.Contains(line, StringComparison.Ordinal))
            ? OperationException.Transient(message)
            : OperationException.Refused(message);
    }
}
