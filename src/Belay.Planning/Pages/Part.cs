using System.Text.Json.Nodes;

namespace Belay.Planning.Pages;

/// <summary>Pieces of which the schema of plan files is made. Each call makes a new node, since a node has one parent.</summary>
internal static class Part
{
    /// <summary>What a text with a reference matches.</summary>
    public const string ReferencePattern = @"\$\{";

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    public static JsonObject TextOrNumber(string description) =>
        new() { ["type"] = new JsonArray("string", "number"), ["description"] = description };

    public static JsonObject Whole(string description, int least, int? otherwise)
    {
        var whole = new JsonObject { ["description"] = description };
        if (otherwise is { } value)
            whole["default"] = value;
        whole["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = least }, AnyReference());
        return whole;
    }

    public static JsonObject Duration(string description) => Ref("duration", description);

    public static JsonObject Ref(string definition, string description) =>
        new() { ["$ref"] = $"#/$defs/{definition}", ["description"] = description };

    public static JsonObject MapOf(string definition, string description) =>
        new()
        {
            ["type"] = "object",
            ["description"] = description,
            ["additionalProperties"] = new JsonObject { ["$ref"] = $"#/$defs/{definition}" },
        };

    public static JsonObject Steps(string description) =>
        new()
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["description"] = description,
            ["items"] = new JsonObject { ["$ref"] = "#/$defs/item" },
        };

    public static JsonObject Words(string description, params IEnumerable<string> words) =>
        new() { ["description"] = description, ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };

    public static JsonObject AnyReference() => new() { ["type"] = "string", ["pattern"] = ReferencePattern };

    /// <summary>A map that knows all its keys.</summary>
    public static JsonObject Map(string? description, string[] required, params (string Key, JsonNode Schema)[] keys)
    {
        var properties = new JsonObject();
        foreach (var (key, schema) in keys)
            properties[key] = schema;
        var map = new JsonObject { ["type"] = "object" };
        if (description is not null)
            map["description"] = description;
        map["properties"] = properties;
        if (required.Length > 0)
            map["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        map["additionalProperties"] = false;
        return map;
    }
}
