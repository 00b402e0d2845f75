using System.Text.Json.Serialization;

namespace Belay.Planning.Environments;

[JsonSerializable(typeof(string))]
internal sealed partial class EnvironmentJson : JsonSerializerContext;
