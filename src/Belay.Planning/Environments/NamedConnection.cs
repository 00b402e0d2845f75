using System.Text.Json;
using Belay.Domain.Operations;

namespace Belay.Planning.Environments;

/// <summary>A connection of an environment: its kind and its settings, secrets as references.</summary>
internal sealed record NamedConnection(string Kind, ConnectionDefinition Definition, JsonElement Settings);
