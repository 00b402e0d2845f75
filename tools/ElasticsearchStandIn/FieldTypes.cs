using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>What the types of a mapping mean for documents: which fit, and what a value is as a number. https://www.elastic.co/guide/en/elasticsearch/reference/8.15/mapping.html</summary>
internal static class FieldTypes
{
    /// <summary>The mappings after a document was written: with the fields that it brought along.</summary>
    /// <exception cref="ApiException">The document does not fit.</exception>
    public static JsonObject Checked(JsonObject mappings, JsonObject source)
    {
        var isStrict = mappings["dynamic"]?.ToString() == "strict";
        var isDynamic = mappings["dynamic"]?.ToString() is null or "true";
        JsonObject? grown = null;
        foreach (var (name, value) in source)
        {
            var type = mappings["properties"]?[name]?["type"]?.ToString();
            if (type is null && isStrict)
                throw new ApiException(
                    400,
                    "strict_dynamic_mapping_exception",
                    $"mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed"
                );
            if (type is not null && value is not null && !Fits(type, value))
                throw new ApiException(
                    400,
                    "document_parsing_exception",
                    $"failed to parse field [{name}] of type [{type}]"
                );
            if (type is null && isDynamic && Guess(value) is { } guessed)
            {
                grown ??= (JsonObject)mappings.DeepClone();
                if (grown["properties"] is not JsonObject properties)
                    grown["properties"] = properties = [];
                properties[name] = guessed;
            }
        }
        return grown ?? mappings;
    }

    /// <summary>A value as the number by which it is sorted and compared; null when it is none.</summary>
    public static long? Number(JsonObject mappings, string field, JsonNode? value)
    {
        if (value is null)
            return null;
        var type = mappings["properties"]?[field]?["type"]?.ToString();
        return type == "date" && value.GetValueKind() == JsonValueKind.String
                ? DateTimeOffset.Parse(value.ToString(), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()
            : value.GetValueKind() == JsonValueKind.Number
                ? (long)decimal.Parse(value.ToString(), CultureInfo.InvariantCulture)
            : null;
    }

    private static bool Fits(string type, JsonNode value)
    {
        var text = value is JsonObject or JsonArray ? null : value.ToString();
        return type switch
        {
            "long" or "integer" or "short" or "double" or "float" => text is not null
                && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "boolean" => text is "true" or "false",
            "date" => text is not null
                && (
                    long.TryParse(text, CultureInfo.InvariantCulture, out _)
                    || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)
                ),
            _ => true,
        };
    }

    // dynamic-field-mapping.html
    private static JsonObject? Guess(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            JsonValueKind.Number => Type(value.ToString().Contains('.', StringComparison.Ordinal) ? "float" : "long"),
            JsonValueKind.True or JsonValueKind.False => Type("boolean"),
            JsonValueKind.String => new JsonObject
            {
                ["type"] = "text",
                ["fields"] = new JsonObject
                {
                    ["keyword"] = new JsonObject { ["type"] = "keyword", ["ignore_above"] = 256 },
                },
            },
            _ => null,
        };

    private static JsonObject Type(string type) => new() { ["type"] = type };
}
