using Belay.Domain.Environments;

namespace Belay.Engine.Ports;

/// <summary>Which systems each environment is known to consist of.</summary>
public interface IIdentities
{
    /// <summary>What is known of an environment; <see cref="EnvironmentIdentity.None"/> when it was never used.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    Task<EnvironmentIdentity> ReadAsync(string environment, CancellationToken ct);

    /// <summary>Keeps what is known, durably. Only the holder of the environment's lease does this.</summary>
    /// <exception cref="JournalException">It cannot be written.</exception>
    Task WriteAsync(string environment, EnvironmentIdentity identity, CancellationToken ct);
}
