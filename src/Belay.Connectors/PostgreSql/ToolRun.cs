using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Runs <c>pg_dump</c> or <c>pg_restore</c>, tells how many tables it has come to, and gives its failure a type.</summary>
internal sealed class ToolRun(IScope scope, string place)
{
    private const int LinesOfError = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // What both tools print with --verbose when they come to the content of a table (src/bin/pg_dump).
    private static readonly string[] TableLines = ["dumping contents of table ", "processing data for table "];

    // What libpq says when a session cannot begin or ends under it (src/interfaces/libpq).
    private static readonly string[] LostLines =
    [
        "Connection refused",
        "server closed the connection unexpectedly",
        "the database system is ",
        "terminating connection",
        "timeout expired",
        "too many clients",
        "remaining connection slots",
        "canceling statement due to lock timeout",
    ];

    /// <summary>Runs the tool to its end; left early, it is ended.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="tables">How many tables there are; null when it is not known.</param>
    /// <param name="doing">What is done, for people.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="OperationException">Transient: the server went away; refused: anything else that the tool said.</exception>
    public async IAsyncEnumerable<Progress> RunAsync(
        Command command,
        int? tables,
        string doing,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var begun = 0;
        var running = scope.Commands.RunAsync(command, Count, ending.Token);
        try
        {
            while (!running.IsCompleted)
            {
                yield return Progress.Count(Volatile.Read(ref begun), tables, "tables", doing);
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
            if (TableLines.Any(begin => line.Text.Contains(begin, StringComparison.Ordinal)))
                Interlocked.Increment(ref begun);
        }
    }

    private void Judge(Command command, CommandResult result)
    {
        if (result.ExitCode == 0)
            return;
        var name = Path.GetFileName(command.Program);
        var errors = result
            .Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line =>
                line.Contains("error", StringComparison.OrdinalIgnoreCase)
                || !line.StartsWith(name, StringComparison.Ordinal)
            )
            .TakeLast(LinesOfError);
        var message = $"{place}: {name} ended with {result.ExitCode}: {string.Join("; ", errors)}";
        throw LostLines.Any(line => result.Error.Contains(line, StringComparison.Ordinal))
            ? OperationException.Transient(message)
            : OperationException.Refused(message);
    }
}
