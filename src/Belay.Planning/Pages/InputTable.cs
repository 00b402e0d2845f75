using System.Text;
using System.Text.Json.Nodes;
using Belay.Planning.Inputs;

namespace Belay.Planning.Pages;

/// <summary>The members of a type as a Markdown table; members inside members with a dot.</summary>
internal static class InputTable
{
    private const int GreatestDepth = 4;

    public static void Write(StringBuilder page, string title, JsonObject schema, bool withDefaults)
    {
        var rows = Rows(schema, "", 0).ToArray();
        if (rows.Length == 0)
            return;
        page.Append(
            withDefaults
                ? $"| {title} | type | required | meaning |\n| --- | --- | --- | --- |\n"
                : $"| {title} | type | meaning |\n| --- | --- | --- |\n"
        );
        foreach (var row in rows)
        {
            page.Append($"| `{row.Name}` | {row.Type} | ");
            if (withDefaults)
                page.Append($"{(row.Required ? "yes" : "no")} | ");
            page.Append($"{row.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
        page.Append('\n');
    }

    private static IEnumerable<Row> Rows(JsonObject schema, string prefix, int depth)
    {
        if (schema["properties"] is not JsonObject properties || depth > GreatestDepth)
            yield break;
        var required = (schema["required"] as JsonArray ?? []).Select(r => r!.ToString()).ToHashSet();
        foreach (var (name, node) in properties)
        {
            var member = node as JsonObject ?? [];
            yield return new Row(
                prefix + name,
                TypeWords(member),
                required.Contains(name),
                member["description"]?.ToString() ?? ""
            );
            var inside = member["items"] as JsonObject ?? member["additionalProperties"] as JsonObject ?? member;
            var step =
                member["items"] is JsonObject ? "[]."
                : member["additionalProperties"] is JsonObject ? ".*."
                : ".";
            foreach (var row in Rows(inside, prefix + name + step, depth + 1))
                yield return row;
        }
    }

    private static string TypeWords(JsonObject member) =>
        member[TypeSchema.Connection] is { } kind ? $"{kind} connection"
        : member[TypeSchema.File] is not null ? "path, counted into the plan's hash"
        : ShapeWords(ShapeBuilder.Build(member));

    private static string ShapeWords(Shape shape) =>
        shape switch
        {
            Shape.Text => "text",
            Shape.Whole => "whole number",
            Shape.Number => "number",
            Shape.Flag => "true or false",
            Shape.Duration => "duration",
            Shape.Secret => "secret",
            Shape.Word word => string.Join(", ", word.Words.Select(w => $"`{w}`")),
            Shape.List list => $"list of {ShapeWords(list.Element)}",
            Shape.Map map => $"map of {ShapeWords(map.Value)}",
            Shape.Record => "map",
            _ => "any value",
        };

    private sealed record Row(string Name, string Type, bool Required, string Meaning);
}
