using Belay.Domain.Contract;

namespace Belay.Cli.Work;

/// <summary>Is told of child processes where no run keeps a record of them.</summary>
internal sealed class Nobody : IChildObserver
{
    public ValueTask StartedAsync(ProcessIdentity child, string command) => ValueTask.CompletedTask;

    public ValueTask EndedAsync(ProcessIdentity child, int exitCode) => ValueTask.CompletedTask;
}
