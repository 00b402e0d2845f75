using System.Text.Json.Serialization;
using Belay.Domain.Environments;
using Belay.Domain.Json;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>What this store keeps as JSON besides journals.</summary>
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(LeaseHolder))]
[JsonSerializable(typeof(EnvironmentIdentity))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>Written as everything of Belay's is.</summary>
    public static readonly StoreJson Kebab = new(BelayJson.NewOptions());
}
