using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Domain.Contract;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Sealed values in states.</summary>
internal static class Secrets
{
    public static JsonElement Unsealed(JsonElement state, Func<string, string> open)
    {
        if (!state.GetRawText().Contains(SecretMarker.Sealed, StringComparison.Ordinal))
            return state;
        return JsonSerializer.SerializeToElement(Open(JsonNode.Parse(state.GetRawText()), open));
    }

    private static JsonNode? Open(JsonNode? node, Func<string, string> open) =>
        node switch
        {
            JsonObject { Count: 1 } alone when alone[SecretMarker.Sealed] is { } name => new JsonObject
            {
                [SecretMarker.Name] = open(name.GetValue<string>()),
            },
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, Open(member.Value?.DeepClone(), open)))
            ),
            JsonArray list => new JsonArray([.. list.Select(one => Open(one?.DeepClone(), open))]),
            _ => node?.DeepClone(),
        };
}
