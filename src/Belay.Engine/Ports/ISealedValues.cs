namespace Belay.Engine.Ports;

/// <summary>Keeps secret members of states out of the journal: each lies sealed in a file of its own, and is gone when the run closes.</summary>
public interface ISealedValues
{
    /// <summary>Seals a value durably and returns the name under which it lies. The name is a keyed digest: equal values of a run have equal names, and the value cannot be told from it.</summary>
    string Seal(string run, string value);

    /// <summary>The value under a name.</summary>
    /// <exception cref="JournalException">Missing: it is gone, because the run was closed or its key was lost.</exception>
    string Unseal(string run, string name);

    /// <summary>Removes all sealed values of a run, and what tools wrote in the clear into its <see cref="Domain.Contract.ScopeExtensions.SecretFolder"/>.</summary>
    void Remove(string run);
}
