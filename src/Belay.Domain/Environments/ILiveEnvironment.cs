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

    /// <summary>Every secret value handed out so far; they are removed from all that is journaled or shown.</summary>
    IReadOnlyCollection<string> Revealed { get; }
}
