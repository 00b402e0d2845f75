namespace Belay.Domain.Contract;

/// <summary>
/// Marks a text member (or a list of texts) of an operation's inputs that names a connection of the environment.
/// A plan that names one which the environment does not have, or which is of another kind, is refused before it runs.
/// </summary>
/// <example><c>[Connection("haproxy")] public required string Connection { get; init; }</c></example>
/// <param name="kind">The kind of connection: the name of the connector that drives it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionAttribute(string kind) : Attribute
{
    /// <summary>The kind of connection: the name of the connector that drives it.</summary>
    public string Kind { get; } = kind;
}
