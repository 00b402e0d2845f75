using Belay.Domain.Contract;

namespace SimulatedWorld;

/// <summary>Child processes of a simulation: each works for a while and then alters a cell, whatever has become of whoever started it.</summary>
public sealed class SimulatedChildren(World world, TimeProvider clock) : IChildProcesses
{
    private readonly Dictionary<ProcessIdentity, (string Run, string Step, Command Command)> live = [];
    private readonly World world = world;
    private readonly TimeProvider clock = clock;
    private int last;

    /// <summary>How long a child works.</summary>
    public static readonly TimeSpan Work = TimeSpan.FromMilliseconds(200);

    /// <summary>The children that live.</summary>
    public IReadOnlyCollection<ProcessIdentity> Live => live.Keys;

    /// <summary>How many of the next attempts to end a child fail.</summary>
    public int Unkillable { get; set; }

    /// <summary>Called for each child that starts: which, of which step, with which command line.</summary>
    public Action<ProcessIdentity, string, string>? OnStarted { get; set; }

    /// <summary>Called for each child that ends; false: it was ended.</summary>
    public Action<ProcessIdentity, bool>? OnEnded { get; set; }

    public ICommandRunner For(string run, string step, string folder, IChildObserver observer) =>
        new Runner(this, run, step, observer);

    public ValueTask<IReadOnlyList<MarkedChild>> FindAsync(string run, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyList<MarkedChild>>([
            .. live.Where(child => child.Value.Run == run)
                .Select(child => new MarkedChild(child.Key, child.Value.Step, child.Value.Command.ToString())),
        ]);

    // No command of the simulation asks for patience.
    public ValueTask<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct) =>
        ValueTask.FromResult(!live.ContainsKey(child));

    public ValueTask EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct)
    {
        if (live.ContainsKey(child) && Unkillable > 0)
        {
            Unkillable--;
            throw OperationException.OutcomeUnknown("the child is still there");
        }
        if (live.Remove(child))
            OnEnded?.Invoke(child, false);
        return ValueTask.CompletedTask;
    }

    private sealed class Runner(SimulatedChildren all, string run, string step, IChildObserver observer)
        : ICommandRunner
    {
        public async Task<CommandResult> RunAsync(Command command, Action<OutputLine>? output, CancellationToken ct)
        {
            if (all.world.IsDead())
                throw OperationException.OutcomeUnknown("the process died");
            var child = new ProcessIdentity(++all.last, all.clock.GetTimestamp());
            all.live.Add(child, (run, step, command));
            all.OnStarted?.Invoke(child, step, command.ToString());
            var ended = new TaskCompletionSource();
            all.clock.CreateTimer(_ => Finish(child, command, ended), null, Work, Timeout.InfiniteTimeSpan);
            await observer.StartedAsync(child, command.ToString());
            await using var over = ct.Register(() =>
            {
                if (all.live.Remove(child))
                    all.OnEnded?.Invoke(child, false);
                ended.TrySetCanceled(ct);
            });
            await ended.Task;
            await observer.EndedAsync(child, 0);
            return new CommandResult
            {
                ExitCode = 0,
                Output = "",
                Error = "",
                Elapsed = Work,
            };
        }

        public Task<ProcessIdentity> StartServiceAsync(Command command, string logFile, CancellationToken ct) =>
            throw OperationException.Refused("no services here");

        private void Finish(ProcessIdentity child, Command command, TaskCompletionSource ended)
        {
            if (!all.live.Remove(child))
                return;
            all.world.ByItself($"apply {step}", command.Arguments[0], command.Arguments[1]);
            all.OnEnded?.Invoke(child, true);
            ended.TrySetResult();
        }
    }
}
