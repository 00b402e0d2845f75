using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>Ends processes: SIGTERM, a grace, SIGKILL, and waits until they are gone.</summary>
internal sealed class ProcessEnding(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the kernel may take to end what was killed; longer means that it hangs in the kernel (a dead disk or network mount).</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>Waits for exactly this process to end by itself.</summary>
    public Task<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct) =>
        WaitAsync(() => !ProcessTable.IsAlive(child), limit, ct);

    /// <summary>Ends exactly this process, with its group when it leads one.</summary>
    /// <exception cref="OperationException">Outcome unknown: it is still there after SIGKILL.</exception>
    public Task EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct)
    {
        if (ProcessTable.Find(child.Pid) is not { } live || live.Identity != child)
            return Task.CompletedTask;
        return live.Group == child.Pid
            ? EndGroupAsync(child.Pid, grace, ct)
            : EndAsync(
                signal => Signals.Send(child.Pid, signal),
                () => !ProcessTable.IsAlive(child),
                $"process {child.Pid}",
                grace,
                ct
            );
    }

    /// <summary>Ends all members of a process group.</summary>
    /// <exception cref="OperationException">Outcome unknown: a member is still there after SIGKILL.</exception>
    public Task EndGroupAsync(int group, TimeSpan grace, CancellationToken ct) =>
        EndAsync(
            signal => Signals.SendToGroup(group, signal),
            // Not kill(2) with signal 0: it counts members that are dead and were only not reaped yet.
            () => !ProcessTable.All().Any(p => p.Group == group),
            $"process group {group}",
            grace,
            ct
        );

    private async Task EndAsync(Action<int> send, Func<bool> gone, string what, TimeSpan grace, CancellationToken ct)
    {
        send(Signals.Terminate);
        if (await WaitAsync(gone, grace, ct))
            return;
        send(Signals.Kill);
        if (!await WaitAsync(gone, KillLimit, ct))
            throw OperationException.OutcomeUnknown(
                $"{what} is still there {KillLimit.TotalSeconds:0} seconds after SIGKILL: look at what it waits for (/proc/PID/stack), then resume"
            );
    }

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (!condition())
        {
            if (clock.GetElapsedTime(begun) >= limit)
                return false;
            await Task.Delay(Interval, clock, ct);
        }
        return true;
    }
}
