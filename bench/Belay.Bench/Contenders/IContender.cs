using System.Collections.Immutable;

namespace Belay.Bench.Contenders;

/// <summary>One who takes part in the rounds.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>The name in the tables.</summary>
    string Name { get; }

    /// <summary>Does the steps and says how long they took.</summary>
    /// <exception cref="ContenderException">It cannot.</exception>
    Task<Answer> RunAsync(string shape, int steps, CancellationToken ct);

    /// <summary>Does the steps while the kernel's flushes are counted; slower, so never timed.</summary>
    /// <exception cref="ContenderException">It cannot.</exception>
    Task<long> CountFlushesAsync(string shape, int steps, CancellationToken ct);
}

/// <summary>A contender cannot take part.</summary>
internal sealed class ContenderException : Exception
{
    /// <summary>Why.</summary>
    public ContenderException(string message)
        : base(message) { }
}
