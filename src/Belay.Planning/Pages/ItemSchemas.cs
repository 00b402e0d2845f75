using System.Text.Json.Nodes;
using Belay.Domain.Operations;

namespace Belay.Planning.Pages;

/// <summary>The schemas of the kinds of item.</summary>
internal static class ItemSchemas
{
    public static JsonObject Input() =>
        Part.Map(
            null,
            ["type"],
            ("type", Part.Words("What the value is.", "text", "number", "boolean", "choice", "folder", "list")),
            ("choices", new JsonObject { ["type"] = "array", ["description"] = "What can be chosen; for a choice." }),
            ("description", Part.Text("What it is, for the operator.")),
            (
                "default",
                new JsonObject { ["description"] = "The value when none is given; without it one must be given." }
            )
        );

    public static JsonObject Watch() =>
        Part.Map(
            null,
            [],
            ("http", Part.Text("Short for check: http.get with this url.")),
            ("json", new JsonObject { ["type"] = "object", ["description"] = "With http: what the answer must hold." }),
            ("check", Part.Text("The check that is asked.")),
            ("with", new JsonObject { ["type"] = "object", ["description"] = "The inputs of the check." }),
            ("every", Part.Duration("How often. Default 1s.")),
            ("tolerate", Part.Whole("How many failures in a row are tolerated.", 0, 0))
        );

    public static JsonObject Release() =>
        Part.Map(
            null,
            ["schema"],
            (
                "schema",
                new JsonObject
                {
                    ["type"] = "object",
                    ["description"] =
                        "The schema versions that its code can live with, by the connection of the store.",
                    ["additionalProperties"] = Part.Map(
                        null,
                        [],
                        ("least", Part.Whole("The oldest; without it there is none.", 0, null)),
                        ("greatest", Part.Whole("The newest; without it there is none.", 0, null))
                    ),
                }
            )
        );

    public static JsonObject Compatibility() =>
        Part.Map(
            "What works with what among the components that steps move: lint holds the steps against it.",
            ["file"],
            ("file", Part.Text("The file that states it, beside the plan.")),
            ("now", Versions("The versions that run now, in place of those that the file states."))
        );

    public static JsonObject Impact() =>
        Part.Map(
            "What users will notice, said beforehand.",
            ["route", "at-most", "reason"],
            ("route", Part.Text("The route that is touched.")),
            ("at-most", Part.Duration("For how long at most.")),
            ("reason", Part.Text("Why that is acceptable."))
        );

    public static JsonObject When() =>
        Part.Map(
            "Decides at the start whether the step is part of the plan.",
            ["value"],
            ("value", Part.Text("What is compared, such as ${inputs.mode}.")),
            ("is", new JsonObject { ["description"] = "The value it must have." }),
            ("not", new JsonObject { ["description"] = "The value it must not have." }),
            ("in", new JsonObject { ["type"] = "array", ["description"] = "The values of which it must have one." })
        );

    public static JsonObject Item(Catalog catalog) =>
        new()
        {
            ["oneOf"] = new JsonArray(
                Operation(
                    "do",
                    "A change.",
                    catalog.Operations.OfType<ChangeDefinition>(),
                    ("restore", Part.Text("The id of the backup step through which this change is taken back.")),
                    ("backup-age", Part.Duration("How old that backup may be when the change begins. Default 24h.")),
                    ("limit", Part.Duration("Within which the work must end. Default 1h."))
                ),
                Operation(
                    "check",
                    "A check.",
                    catalog.Operations.OfType<CheckDefinition>(),
                    (
                        "within",
                        Part.Duration(
                            "How long to go on asking until it holds. Default: it must hold at the first look."
                        )
                    ),
                    (
                        "for",
                        Part.Duration(
                            "How long it must go on holding once it holds. When that must begin says within: without it, at the first look."
                        )
                    ),
                    ("every", Part.Duration("How often to ask while waiting. Default 1s."))
                ),
                Kind(
                    ["phase", "steps"],
                    ("phase", Part.Text("A named sequence.")),
                    ("each", Loop()),
                    ("steps", Part.Steps("What is done, one after the other."))
                ),
                Kind(["parallel"], ("parallel", Part.Steps("What is done at the same time."))),
                Kind(["each", "steps"], ("each", Loop()), ("steps", Part.Steps("What is done for each member."))),
                Kind(["soak"], ("soak", Soak())),
                Kind(["approve"], ("approve", Approve())),
                Kind(["confirm"], ("confirm", Confirm())),
                Kind(
                    ["use"],
                    ("use", Part.Text("Another file, beside this one, whose steps are put in place here.")),
                    ("with", new JsonObject { ["type"] = "object", ["description"] = "The inputs of that file." })
                ),
                Kind(["during", "steps"], ("during", During()), ("steps", Part.Steps("What runs under the condition.")))
            ),
        };

    private static JsonObject Versions(string description) =>
        new()
        {
            ["type"] = "object",
            ["description"] = description,
            ["additionalProperties"] = Part.TextOrNumber("The version."),
        };

    private static JsonObject Kind(string[] required, params (string Key, JsonNode Schema)[] own) =>
        Part.Map(
            null,
            required,
            [
                .. own,
                ("id", Part.Text("By which other steps refer to this one.")),
                ("name", Part.Text("What people read; by default made from the item, as in haproxy.drain shop/web1.")),
                ("when", new JsonObject { ["$ref"] = "#/$defs/when" }),
                ("impact", new JsonObject { ["$ref"] = "#/$defs/impact" }),
                ("moves", Versions("The versions that components have once the step is done.")),
            ]
        );

    private static JsonObject Operation(
        string word,
        string description,
        IEnumerable<OperationDefinition> operations,
        params (string Key, JsonNode Schema)[] own
    )
    {
        var known = operations.ToArray();
        var name = new JsonObject
        {
            ["description"] = description,
            ["oneOf"] = new JsonArray([
                .. known.Select(o => (JsonNode)new JsonObject { ["const"] = o.Name, ["description"] = o.Summary }),
            ]),
        };
        var inputs = new JsonObject { ["type"] = "object", ["description"] = "The inputs of the operation." };
        var item = Kind([word], [(word, name), ("with", inputs), .. own]);
        item["allOf"] = new JsonArray([.. known.Select(o => (JsonNode)InputsOf(word, o))]);
        return item;
    }

    private static JsonObject InputsOf(string word, OperationDefinition operation) =>
        new()
        {
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject { [word] = new JsonObject { ["const"] = operation.Name } },
            },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["with"] = new JsonObject { ["$ref"] = $"#/$defs/{operation.Name}" },
                },
            },
        };

    private static JsonObject Loop() =>
        new()
        {
            ["type"] = "object",
            ["description"] = "A rolling loop: one variable with what it walks.",
            ["properties"] = new JsonObject
            {
                ["canary"] = Part.Whole("How many members go first, one at a time, and are never tolerated.", 0, 0),
                ["batch"] = Part.Whole("How many members run at the same time after the canary.", 1, 1),
                ["tolerate"] = Part.Whole("How many members may fail and be set aside before the loop halts.", 0, 0),
            },
            ["minProperties"] = 1,
            ["maxProperties"] = 4,
        };

    private static JsonObject Soak() =>
        new()
        {
            ["description"] = "Waiting while the watches hold.",
            ["anyOf"] = new JsonArray(
                Part.Duration("How long; only time that was sampled counts."),
                Part.Map(
                    null,
                    [],
                    ("time", Part.Duration("How long; only time that was sampled counts.")),
                    ("samples", Part.Whole("How many good samples.", 1, 1)),
                    ("watch", Part.Text("The watch whose samples count; without it all."))
                )
            ),
        };

    private static JsonObject Approve() =>
        Part.Map(
            "Waiting until a person approves.",
            ["by"],
            ("by", Part.Text("Who may approve: a role or a name.")),
            ("not", Part.Text("Who may not: starter is the person who started the run.")),
            ("count", Part.Whole("How many different people.", 1, 1))
        );

    private static JsonObject Confirm() =>
        Part.Map(
            "A manual step.",
            ["instructions"],
            ("instructions", Part.Text("What the person has to do.")),
            ("by", Part.Text("Who: a role or a name; without it anybody."))
        );

    private static JsonObject During() =>
        Part.Map(
            "A condition under which the steps run.",
            [],
            (
                "freeze",
                Part.Text("The change that stops writes; it ends with the group, with a halt, and at its deadline.")
            ),
            ("hold", Part.Text("The change that holds something; it outlasts a halt.")),
            ("with", new JsonObject { ["type"] = "object", ["description"] = "The inputs of the change." }),
            ("at-most", Part.Duration("How long a freeze may last at most.")),
            ("exempt", new JsonObject { ["type"] = "array", ["description"] = "Ids of steps that a hold leaves out." })
        );
}
