namespace Belay.Domain.Contract;

/// <summary>The child processes of runs: started with a mark, found again by it after a crash.</summary>
public interface IChildProcesses
{
    /// <summary>A runner for one step. Every child carries the mark of run and step in its environment (<c>BELAY_CHILD=STORE/RUN/STEP</c>).</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="folder">The folder (absolute) in which children run when the command names none.</param>
    /// <param name="observer">Told of each child; what it does is finished before the child's result is handed out.</param>
    ICommandRunner For(string run, string step, string folder, IChildObserver observer);

    /// <summary>All live processes that carry the mark of a run, whoever started them; also those whose start was never journaled.</summary>
    ValueTask<IReadOnlyList<MarkedChild>> FindAsync(string run, CancellationToken ct);

    /// <summary>Waits for a child to end by itself.</summary>
    /// <returns>False: it still runs when the limit is over.</returns>
    ValueTask<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct);

    /// <summary>Ends a child (SIGTERM, then SIGKILL) and waits until it is gone. Does nothing when it is gone already.</summary>
    /// <exception cref="OperationException">Outcome unknown: it is still there after SIGKILL.</exception>
    ValueTask EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct);
}

/// <summary>A live child and the step that started it.</summary>
/// <param name="Child">The process.</param>
/// <param name="Step">The step.</param>
/// <param name="Command">Its command line, for people.</param>
/// <param name="Patience">How long its end is waited for before it is ended, as its command says (<see cref="Contract.Command.Patience"/>).</param>
public sealed record MarkedChild(ProcessIdentity Child, string Step, string Command, TimeSpan Patience = default);

/// <summary>Told of each child process.</summary>
public interface IChildObserver
{
    /// <summary>A child runs now.</summary>
    ValueTask StartedAsync(ProcessIdentity child, string command);

    /// <summary>A child ended.</summary>
    ValueTask EndedAsync(ProcessIdentity child, int exitCode);
}
