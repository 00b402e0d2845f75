using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Planning.Inputs;

/// <summary>The JSON schema of a type of an operation: what editors complete from, what the reference lists, and what plan files are checked against.</summary>
public static class TypeSchema
{
    /// <summary>Says that a text names a connection of this kind.</summary>
    public const string Connection = "x-belay-connection";

    /// <summary>Says that a text names a file or folder whose content counts into the plan's hash.</summary>
    public const string File = "x-belay-file";

    /// <summary>Says that a text may be a secret.</summary>
    public const string Secret = "x-belay-secret";

    /// <summary>The format of a duration.</summary>
    public const string DurationFormat = "belay-duration";

    /// <summary>The schema of a type; with descriptions where <paramref name="docstrings"/> has them.</summary>
    public static JsonObject Of(JsonTypeInfo type, Docstrings? docstrings = null)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, docstrings),
        };
        var schema = type.GetJsonSchemaAsNode(options) as JsonObject ?? [];
        return (JsonObject)InPlace(schema, schema, ["#"])!;
    }

    // The exporter describes a type once and points to that place ("#/properties/check") from wherever it comes up again. Such
    // a pointer leads nowhere once the schema stands inside a larger one, and readers of the schema would have to follow it.
    private static JsonNode? InPlace(JsonNode? node, JsonObject root, ImmutableHashSet<string> inside) =>
        node switch
        {
            JsonObject pointing when pointing["$ref"]?.GetValue<string>() is { } path => Described(
                // A type inside itself is left open.
                inside.Contains(path)
                    ? []
                    : (JsonObject)InPlace(Target(root, path), root, inside.Add(path))!,
                pointing
            ),
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, InPlace(member.Value, root, inside)))
            ),
            JsonArray list => new JsonArray([.. list.Select(one => InPlace(one, root, inside))]),
            _ => node?.DeepClone(),
        };

    // The words about a member are its own, also where its type is one that came up before.
    private static JsonObject Described(JsonObject target, JsonObject pointing)
    {
        target.Remove("description");
        foreach (var (at, (name, value)) in pointing.Where(member => member.Key != "$ref").Index())
            target.Insert(at, name, value?.DeepClone());
        return target;
    }

    // A JSON pointer (RFC 6901) in a fragment.
    private static JsonNode? Target(JsonObject root, string path) =>
        path.TrimStart('#')
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(part =>
                Uri.UnescapeDataString(part)
                    .Replace("~1", "/", StringComparison.Ordinal)
                    .Replace("~0", "~", StringComparison.Ordinal)
            )
            .Aggregate(
                (JsonNode?)root,
                (at, part) => at is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)] : at?[part]
            );

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported, Docstrings? docstrings)
    {
        var schema = Converted(context) ?? exported;
        // The exporter leaves out what it takes for "anything": the type of a map's values when they have a converter.
        if (
            context.TypeInfo is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } values }
            && values == typeof(Secret)
        )
            schema["additionalProperties"] = SecretText(nullable: false);
        if (context.PropertyInfo is not { AttributeProvider: MemberInfo member })
            return schema;
        // A converter's schema is 'true', to which nothing can be added.
        var described = schema as JsonObject ?? [];
        if (docstrings?.OfMember(member) is { Length: > 0 } words)
            described.Insert(0, "description", words);
        if (member.GetCustomAttribute<ConnectionAttribute>() is { } connection)
            described[Connection] = connection.Kind;
        if (member.IsDefined(typeof(FileInputAttribute)))
            described[File] = true;
        return described;
    }

    /// <summary>The schema of a type that has a converter of Belay's own; null for all others.</summary>
    private static JsonObject? Converted(JsonSchemaExporterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var nullable = type != context.TypeInfo.Type || context.PropertyInfo is { IsSetNullable: true };
        if (type == typeof(TimeSpan))
            return new()
            {
                ["type"] = TextType(nullable),
                ["format"] = DurationFormat,
                ["pattern"] = Duration.Pattern,
            };
        return type == typeof(Secret) ? SecretText(nullable) : null;
    }

    private static JsonObject SecretText(bool nullable) => new() { ["type"] = TextType(nullable), [Secret] = true };

    private static JsonNode TextType(bool nullable) => nullable ? new JsonArray("string", "null") : "string";
}
