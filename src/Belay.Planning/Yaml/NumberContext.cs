using System.Text.Json.Serialization;

namespace Belay.Planning.Yaml;

[JsonSerializable(typeof(double))]
internal sealed partial class NumberContext : JsonSerializerContext;
