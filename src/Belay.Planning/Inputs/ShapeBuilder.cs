using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Belay.Planning.Inputs;

/// <summary>Makes shapes from JSON schemas.</summary>
internal static class ShapeBuilder
{
    /// <summary>The shape that a schema describes. What a schema leaves open (a type inside itself, a union) fits any value; reading it into its type judges then.</summary>
    public static Shape Build(JsonNode? schema)
    {
        if (schema is not JsonObject type)
            return new Shape.Any();
        if (type["enum"] is JsonArray words)
            return new Shape.Word([.. words.OfType<JsonValue>().Select(w => w.ToString())]);
        return TypeName(type) switch
        {
            "string" => Text(type),
            "integer" => new Shape.Whole(),
            "number" => new Shape.Number(),
            "boolean" => new Shape.Flag(),
            "array" => new Shape.List(Build(type["items"])),
            "object" => Object(type),
            _ => new Shape.Any(),
        };
    }

    private static Shape Text(JsonObject type) =>
        type[TypeSchema.Secret] is not null ? new Shape.Secret()
        : type["format"]?.ToString() == TypeSchema.DurationFormat ? new Shape.Duration()
        : new Shape.Text();

    private static Shape Object(JsonObject type)
    {
        if (type["properties"] is not JsonObject properties)
            return type["additionalProperties"] is JsonObject value ? new Shape.Map(Build(value)) : new Shape.Any();
        return new Shape.Record(
            properties.ToFrozenDictionary(p => p.Key, p => Member(p.Value)),
            [.. (type["required"] as JsonArray ?? []).Select(name => name!.ToString())]
        );
    }

    private static ShapeMember Member(JsonNode? schema) =>
        new(
            Build(schema),
            schema is not JsonObject type || IsNullable(type),
            (schema as JsonObject)?[TypeSchema.Connection]?.ToString(),
            (schema as JsonObject)?[TypeSchema.File] is not null
        );

    private static string? TypeName(JsonObject type) =>
        type["type"] switch
        {
            JsonArray several => several.Select(t => t!.ToString()).Where(t => t != "null").ToArray() is [var only]
                ? only
                : null,
            { } one => one.ToString(),
            null => null,
        };

    private static bool IsNullable(JsonObject type) =>
        (type["type"] is JsonArray several && several.Any(t => t!.ToString() == "null"))
        || (type["enum"] is JsonArray words && words.Any(w => w is null));
}
