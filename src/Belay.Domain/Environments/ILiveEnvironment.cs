namespace Belay.Domain.Environments;

/// <summary>The environment of a run, its connections and secrets read at the moment of use.</summary>
public interface ILiveEnvironment
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The settings of a connection, secrets resolved.</summary>
    /// <exception cref="Contract.OperationException">Refused: there is no such connection, it is of another kind, or a secret of it cannot be read.</exception>
    T Connection<T>(string name)
        where T : class;

    /// <summary>The value of a secret.</summary>
    /// <exception cref="Contract.OperationException">Refused: there is no such secret, or its source cannot be read.</exception>
    string Secret(string name);

    /// <summary>The connections whose systems can say which ones they are; empty by default: an environment without live systems has none.</summary>
    IReadOnlyCollection<string> Identified => [];

    /// <summary>The id that the system of one of the <see cref="Identified"/> connections gives itself; null: it has none.</summary>
    /// <exception cref="Contract.OperationException">It cannot be read now.</exception>
    ValueTask<string?> IdentifyAsync(string connection, TimeProvider clock, CancellationToken ct) =>
        ValueTask.FromResult<string?>(null);

    /// <summary>Every secret value handed out so far; they are removed from all that is journaled or shown.</summary>
    IReadOnlyCollection<string> Revealed { get; }
}
