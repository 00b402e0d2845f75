using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Belay.Domain.Operations;

/// <summary>All connectors of this program, looked up by name.</summary>
public sealed class Catalog
{
    private readonly FrozenDictionary<string, OperationDefinition> operations;

    /// <summary>A catalog of these connectors.</summary>
    /// <exception cref="ArgumentException">Two operations have the same name.</exception>
    public Catalog(IEnumerable<Connector> connectors)
    {
        Connectors = [.. connectors];
        operations = Connectors.SelectMany(c => c.Operations).ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);
    }

    /// <summary>The connectors.</summary>
    public ImmutableArray<Connector> Connectors { get; }

    /// <summary>All operations, by name.</summary>
    public IEnumerable<OperationDefinition> Operations =>
        operations.Values.OrderBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>The operation of this name; null when there is none.</summary>
    public OperationDefinition? Find(string name) => operations.GetValueOrDefault(name);

    /// <summary>The connector of this name; null when there is none.</summary>
    public Connector? FindConnector(string name) =>
        Connectors.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
}
