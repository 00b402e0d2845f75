using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Json;

namespace Belay.Domain.Operations;

/// <summary>One kind of system that Belay can drive, and what it can do there.</summary>
public sealed record Connector
{
    /// <summary>The name before the dot in the names of its operations.</summary>
    public required string Name { get; init; }

    /// <summary>What it drives, in one line, without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>The settings of a connection of this kind in an environment file; null when the connector needs none.</summary>
    public ConnectionDefinition? Connection { get; init; }

    /// <summary>Its operations.</summary>
    public required ImmutableArray<OperationDefinition> Operations { get; init; }
}

/// <summary>What the settings of one kind of connection look like.</summary>
public sealed class ConnectionDefinition
{
    private readonly Lazy<JsonTypeInfo> settings;

    private ConnectionDefinition(Type type, Func<JsonSerializerOptions, JsonSerializerContext> json)
    {
        Type = type;
        settings = new(() => InitializedMembers.Shape(json, type));
    }

    /// <summary>The settings' type, a sealed record; what <see cref="Contract.IScope.Connection{T}"/> hands out.</summary>
    public Type Type { get; }

    /// <summary>The settings' JSON shape.</summary>
    public JsonTypeInfo Settings => settings.Value;

    /// <summary>Connections with settings of type <typeparamref name="T"/>.</summary>
    public static ConnectionDefinition Of<T>(Func<JsonSerializerOptions, JsonSerializerContext> json)
        where T : class => new(typeof(T), json);
}
