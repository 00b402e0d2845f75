using Belay.Domain.Contract;

namespace Belay.Engine.Ports;

/// <summary>Keeps the deadlines of freezes when no engine does.</summary>
public interface IWatchdogs
{
    /// <summary>Arms a watchdog. Once this returns the freeze ends at its deadline, whatever becomes of this process: the watchdog ends an engine that is overdue, takes the lease and thaws (<see cref="RunEngine.ThawAsync"/>).</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The change that freezes.</param>
    /// <param name="within">How long the freeze may last, from the moment at which the watchdog is armed.</param>
    /// <param name="ct">Cancels the arming.</param>
    /// <exception cref="OperationException">It is not armed: the freeze must not begin.</exception>
    Task ArmAsync(string run, string step, TimeSpan within, CancellationToken ct);
}
