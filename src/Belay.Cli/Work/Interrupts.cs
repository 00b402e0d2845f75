using System.Runtime.InteropServices;

namespace Belay.Cli.Work;

/// <summary>Ctrl-C, SIGTERM and a closed terminal ask for a halt at the next safe point; a second one leaves at once. The journal stays whole either way: it holds whole lines only.</summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource halt = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Action first;

    /// <param name="first">Told of the first one.</param>
    public Interrupts(Action first)
    {
        this.first = first;
        registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled when a halt is asked for.</summary>
    public CancellationToken Halt => halt.Token;

    /// <summary>Asks for a halt as a signal does.</summary>
    public Task AskAsync() => halt.CancelAsync();

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        halt.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (halt.IsCancellationRequested)
            Environment.Exit(ExitCode.Halted);
        first();
        // Not on the signal's thread: what is registered may take its time, and the second signal must get through.
        _ = AskAsync();
    }
}
