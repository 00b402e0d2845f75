using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Planning.Inputs;
using Belay.Planning.Pages;

namespace Belay.Planning;

/// <summary>The one JSON Schema of plan files, for completion in editors (draft 2020-12). Made from the types; what only the reader can judge (references, connections) it leaves open.</summary>
public static class PlanSchema
{
    /// <summary>The schema, indented, with a line break at its end.</summary>
    public static string Write(Catalog catalog, Docstrings docstrings)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Belay plan",
            ["type"] = "object",
            ["required"] = new JsonArray("belay", "steps"),
            ["additionalProperties"] = false,
            ["properties"] = Header(),
            ["$defs"] = Definitions(catalog, docstrings),
        };
        return SchemaText.Write(schema);
    }

    private static JsonObject Header() =>
        new()
        {
            ["belay"] = new JsonObject
            {
                ["const"] = PlanHeader.Version,
                ["description"] = "The version of the plan format.",
            },
            ["upgrade"] = Part.Text("What is upgraded."),
            ["from"] = Part.TextOrNumber("The release that runs now."),
            ["to"] = Part.TextOrNumber("The release that shall run."),
            ["releases"] = Part.MapOf("release", "What is known of releases: lint and rehearsal work from it."),
            ["compatibility"] = ItemSchemas.Compatibility(),
            ["inputs"] = Part.MapOf("input", "What the operator gives at the start."),
            ["watch"] = Part.MapOf("watch", "Probes that run all through a run and stop it when they fail."),
            ["steps"] = Part.Steps("What is done, one after the other."),
        };

    private static JsonObject Definitions(Catalog catalog, Docstrings docstrings)
    {
        var definitions = new JsonObject
        {
            ["duration"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = $"A duration such as {Duration.Example}, or a reference.",
                ["anyOf"] = new JsonArray(new JsonObject { ["pattern"] = Duration.Pattern }, Part.AnyReference()),
            },
            ["release"] = ItemSchemas.Release(),
            ["input"] = ItemSchemas.Input(),
            ["watch"] = ItemSchemas.Watch(),
            ["impact"] = ItemSchemas.Impact(),
            ["when"] = ItemSchemas.When(),
            ["item"] = ItemSchemas.Item(catalog),
        };
        foreach (var operation in catalog.Operations)
            definitions[operation.Name] = OpenToReferences.In(TypeSchema.Of(operation.Inputs, docstrings));
        return definitions;
    }
}
