using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Engine.Running;

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Secret))]
internal sealed partial class EngineJson : JsonSerializerContext;
