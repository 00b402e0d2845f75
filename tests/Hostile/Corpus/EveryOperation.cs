using System.Text;
using System.Text.Json.Nodes;
using Belay.Domain.Operations;
using Belay.Planning.Inputs;

namespace Hostile.Corpus;

/// <summary>A plan with one step for each operation of a connector, every input given: made from the types, so that no operation is forgotten.</summary>
internal static class EveryOperation
{
    public static string PlanOf(Connector connector)
    {
        var plan = new StringBuilder("belay: 1\nupgrade: shop\nfrom: 4.1.0\nto: 4.2.0\nsteps:\n");
        foreach (var operation in connector.Operations)
        {
            var kind = operation is ChangeDefinition ? "do" : "check";
            plan.Append($"  - {kind}: {operation.Name}\n    with:\n");
            foreach (var (name, schema) in TypeSchema.Of(operation.Inputs)["properties"] as JsonObject ?? [])
                plan.Append($"      {name}: {Sample(schema, name, 0)?.ToJsonString() ?? "~"}\n");
        }
        return plan.ToString();
    }

    private static JsonNode? Sample(JsonNode? schema, string name, int depth)
    {
        if (schema is not JsonObject type || depth > 4)
            return "a";
        if (type["enum"] is JsonArray words)
            return words.FirstOrDefault(word => word is not null)?.DeepClone();
        if (type[TypeSchema.Connection] is { } kind && !type.ContainsKey("items"))
            return kind.ToString() switch
            {
                "haproxy" => "edge",
                "postgresql" => "db",
                "redis" => "cache-old",
                var other => other,
            };
        return TypeOf(type) switch
        {
            "integer" or "number" => 1,
            "boolean" => true,
            "array" => new JsonArray(Sample(type["items"], name, depth + 1)),
            "object" => Record(type, depth),
            "string" when type["format"]?.ToString() == TypeSchema.DurationFormat => "10s",
            _ => Text(name),
        };
    }

    private static JsonObject Record(JsonObject type, int depth)
    {
        var record = new JsonObject();
        foreach (var (name, member) in type["properties"] as JsonObject ?? [])
            record[name] = Sample(member, name, depth + 1);
        if (record.Count == 0)
            record["a"] = Sample(type["additionalProperties"], "a", depth + 1);
        return record;
    }

    private static string Text(string name) =>
        name switch
        {
            "url" => "http://127.0.0.1:8000/status",
            "directory" or "folder" => "release/4.2.0/migrations",
            "path" or "file" or "from" or "to" => "upgrade.yaml",
            "script" or "example" or "key" or "ca-file" or "body-file" => "upgrade.yaml",
            "server" or "address" => "127.0.0.1:8001",
            _ => "web1",
        };

    private static string? TypeOf(JsonObject type) =>
        type["type"] switch
        {
            JsonArray several => several.Select(one => one!.ToString()).FirstOrDefault(one => one != "null"),
            { } one => one.ToString(),
            null => null,
        };
}
