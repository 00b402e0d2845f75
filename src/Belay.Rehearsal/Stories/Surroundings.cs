using Belay.Domain.Contract;
using Belay.Domain.Environments;

namespace Belay.Rehearsal.Stories;

/// <summary>An environment without connections: simulated operations need none. Secrets have no value here.</summary>
internal sealed class SimulatedEnvironment : ILiveEnvironment
{
    public string Name => "rehearsal";

    public IReadOnlyCollection<string> Revealed => [];

    public T Connection<T>(string name)
        where T : class => throw OperationException.Refused("a rehearsal has no connections");

    public string Secret(string name) => $"rehearsed-{name}";
}

/// <summary>No child process is ever started in a rehearsal.</summary>
internal sealed class NoChildren : IChildProcesses
{
    public ICommandRunner For(string run, string step, string folder, IChildObserver observer) =>
        throw OperationException.Refused("a rehearsal runs no commands");

    public ValueTask<IReadOnlyList<MarkedChild>> FindAsync(string run, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyList<MarkedChild>>([]);

    public ValueTask<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct) =>
        ValueTask.FromResult(true);

    public ValueTask EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct) => ValueTask.CompletedTask;
}
