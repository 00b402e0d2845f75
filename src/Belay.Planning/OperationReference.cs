using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Planning.Inputs;
using Belay.Planning.Pages;

namespace Belay.Planning;

/// <summary>The reference of operations, made from their types and docstrings.</summary>
public static class OperationReference
{
    /// <summary>A Markdown page for each connector, by the connector's name.</summary>
    public static IReadOnlyDictionary<string, string> WritePages(Catalog catalog, Docstrings docstrings) =>
        catalog.Connectors.ToDictionary(c => c.Name, c => WritePage(c, docstrings), StringComparer.Ordinal);

    /// <summary>The part of a page that is about one operation.</summary>
    public static string Write(OperationDefinition operation, Docstrings docstrings)
    {
        var page = new StringBuilder();
        page.Append($"## {operation.Name}\n\n{operation.Summary}.\n\n{Kind(operation)}\n\n");
        if (docstrings.OfType(operation.Inputs.Type) is { } about)
            page.Append($"{about}\n\n");
        var touches = SampleTouches.Of(operation);
        if (!touches.IsEmpty)
            page.Append($"Touches: {string.Join(", ", touches.Select(t => $"`{t.Resource}` ({Word(t.Kind)})"))}\n\n");
        InputTable.Write(page, "Inputs", TypeSchema.Of(operation.Inputs, docstrings), withDefaults: true);
        InputTable.Write(page, "Outputs", TypeSchema.Of(operation.State, docstrings), withDefaults: false);
        return page.ToString();
    }

    /// <summary>The list that <c>belay operations --output json</c> prints: name, summary, kind, reversal, inputs (schema), touches.</summary>
    public static string WriteJson(Catalog catalog, Docstrings docstrings) =>
        SchemaText.Write(new JsonArray([.. catalog.Operations.Select(o => (JsonNode)AsJson(o, docstrings))]));

    private static string WritePage(Connector connector, Docstrings docstrings)
    {
        var page = new StringBuilder();
        page.Append($"# {connector.Name}\n\n{connector.Summary}.\n\n");
        if (connector.Connection is { } connection)
        {
            page.Append(
                $"A connection of this kind in an environment file: `NAME: {{ kind: {connector.Name}, ... }}`\n\n"
            );
            InputTable.Write(page, "Settings", TypeSchema.Of(connection.Settings, docstrings), withDefaults: true);
        }
        foreach (var operation in connector.Operations)
            page.Append(Write(operation, docstrings));
        return $"{page.ToString().TrimEnd()}\n";
    }

    private static string Kind(OperationDefinition operation) =>
        operation switch
        {
            ChangeDefinition { IsBackup: true } => "A change that is a backup: others can name it under `restore`.",
            ChangeDefinition { Reversal: Reversal.Exact } => "A change. Taken back: exactly.",
            ChangeDefinition { Reversal: Reversal.Restore } =>
                "A change. Taken back, at worst: by restoring a backup; what was written since is lost.",
            ChangeDefinition => "A change. Taken back, at worst: never.",
            _ => "A check: it reads and never writes.",
        };

    private static JsonObject AsJson(OperationDefinition operation, Docstrings docstrings)
    {
        var change = operation as ChangeDefinition;
        var json = new JsonObject
        {
            ["name"] = operation.Name,
            ["summary"] = operation.Summary,
            ["kind"] = change is null ? "check" : "change",
            ["inputs"] = TypeSchema.Of(operation.Inputs, docstrings),
            ["outputs"] = TypeSchema.Of(operation.State, docstrings),
            ["touches"] = new JsonArray([.. SampleTouches.Of(operation).Select(t => (JsonNode)AsJson(t))]),
        };
        if (change is not null)
            json.Insert(3, "reversal", Word(change.Reversal));
        return json;
    }

    private static JsonObject AsJson(Touch touch) =>
        new() { ["resource"] = touch.Resource, ["kind"] = Word(touch.Kind) };

    /// <summary>The word of plan files for a value of an enum: <c>route-away</c>.</summary>
    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
