using System.Text.Json;

namespace SimulatedWorld.Lives.Judges;

/// <summary>JSON values beside each other.</summary>
internal static class Json
{
    public static bool Same(JsonElement one, JsonElement other) => JsonElement.DeepEquals(one, other);
}
