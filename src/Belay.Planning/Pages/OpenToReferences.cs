using System.Text.Json.Nodes;

namespace Belay.Planning.Pages;

/// <summary>Lets a text with a reference stand for any value of the inputs of an operation, as plan files do.</summary>
internal static class OpenToReferences
{
    public static JsonNode In(JsonNode schema)
    {
        if (schema is not JsonObject type)
            return schema;
        foreach (var keyword in new[] { "items", "additionalProperties" })
        {
            if (type[keyword] is JsonObject inner)
                type[keyword] = Open(inner);
        }
        if (type["properties"] is JsonObject properties)
        {
            foreach (var name in properties.Select(p => p.Key).ToArray())
            {
                if (properties[name] is JsonObject member)
                    properties[name] = Open(member);
            }
        }
        return type;
    }

    private static JsonObject Open(JsonObject schema)
    {
        var inside = In(schema.DeepClone()).AsObject();
        if (TakesAnyText(inside))
            return inside;
        var open = new JsonObject();
        if (inside["description"] is { } description)
        {
            inside.Remove("description");
            open["description"] = description.DeepClone();
        }
        open["anyOf"] = new JsonArray(inside, Part.AnyReference());
        return open;
    }

    private static bool TakesAnyText(JsonObject schema) =>
        schema["type"]?.ToJsonString().Contains("\"string\"", StringComparison.Ordinal) is null
            ? schema["enum"] is null && schema["$ref"] is null && schema["anyOf"] is null
            : schema["type"]!.ToJsonString().Contains("\"string\"", StringComparison.Ordinal)
                && schema["pattern"] is null;
}
