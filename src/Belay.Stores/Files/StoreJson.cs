using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
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

    /// <summary>How identities are read.</summary>
    public static readonly JsonTypeInfo<EnvironmentIdentity> Identities = WholeValues.Shape<EnvironmentIdentity>(
        new StoreJson(BelayJson.NewOptions()),
        BelayJson.NewOptions()
    );
}
