using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Operations;

namespace ConnectorKit;

/// <summary>What a process that is going to be killed has to apply.</summary>
internal sealed record ChildTask
{
    public required string Run { get; init; }

    public required string Operation { get; init; }

    public required JsonElement Inputs { get; init; }

    public required JsonElement Before { get; init; }

    public required string PlanFolder { get; init; }

    public required string WorkingFolder { get; init; }

    public required ImmutableSortedDictionary<string, ChildConnection> Connections { get; init; }
}

/// <summary>A connection's settings, and the connector that knows their type.</summary>
internal sealed record ChildConnection(string Connector, JsonElement Settings)
{
    public static ChildConnection Of(object settings, Catalog catalog)
    {
        var connector = catalog.Connectors.First(c => c.Connection?.Type == settings.GetType());
        return new(connector.Name, JsonSerializer.SerializeToElement(settings, connector.Connection!.Settings));
    }

    public object Read(Catalog catalog) =>
        Settings.Deserialize(catalog.FindConnector(Connector)!.Connection!.Settings)!;
}

[JsonSerializable(typeof(ChildTask))]
internal sealed partial class ChildTaskContext : JsonSerializerContext;
