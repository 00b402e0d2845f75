using System.Text.Json;
using Belay.Domain.Plans;
using Belay.Planning.Inputs;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    private static readonly string[] LoopKeys = ["canary", "batch", "tolerate"];

    private EachItem ReadLoop(Reading reading) => ReadLoop(reading, reading.Place, null);

    private EachItem ReadLoop(Reading reading, string id, string? name)
    {
        var fields = reading.Fields;
        var place = Place(reading, id);
        place.Group = GroupKind.Loop;
        var map = fields.AsMap(fields.Raw("each")!, "a variable and what it walks");
        var loop = map is null ? null : session.Fields(map, reading.Scope);
        var variable = map is null ? null : VariableOf(map, loop!, reading.Scope);
        var over = variable is null ? null : ReadMembers(loop!.Take(variable)!, place);
        var inside = reading.Scope with
        {
            Loops = variable is null ? reading.Scope.Loops : reading.Scope.Loops.SetItem(variable, over as ListNode),
        };
        var item = new EachItem
        {
            Id = place.Id,
            Title = Title(reading, name ?? $"each {variable}"),
            Variable = variable ?? "?",
            Over = over is null ? EmptyInputs : new InputReader(Problems, session, place).Read(over, new Shape.Any()),
            Canary = loop?.Count("canary", least: 0) ?? 0,
            Batch = loop?.Count("batch", least: 1) ?? 1,
            Tolerate = loop?.Count("tolerate", least: 0) ?? 0,
            Impact = ReadImpact(reading),
            Steps = ReadAll(RequiredSteps(fields), place, inside),
        };
        loop?.End();
        CheckMembers(item.Over, over);
        return item;
    }

    private string? VariableOf(MapNode map, Fields loop, FileScope scope)
    {
        var variables = map.Members.Where(m => !LoopKeys.Contains(m.Key)).ToArray();
        foreach (var name in variables)
            loop.Raw(name.Key);
        if (variables is not [var variable])
        {
            Problems.Report(
                DiagnosticCodes.WrongValue,
                variables.Length == 0 ? map.At : variables[1].KeyAt,
                "a loop has one variable",
                "write each: { server: \"${env.servers}\", canary: 1, batch: 1, tolerate: 0 }"
            );
            return null;
        }
        if (!Reference.Roots.Contains(variable.Key) && !scope.Loops.ContainsKey(variable.Key))
            return variable.Key;
        Problems.Report(
            DiagnosticCodes.WrongValue,
            variable.KeyAt,
            $"the name '{variable.Key}' means something else here already",
            "give the variable another name"
        );
        return null;
    }

    /// <summary>The members: a list, or one reference to an output that only the run knows.</summary>
    private Node? ReadMembers(Node over, StepPlace place)
    {
        switch (over)
        {
            case ListNode { Elements.IsEmpty: false }:
            case ScalarNode { Alone: true, Waiting: [{ Root: Reference.Steps }] }:
                return over;
            case ListNode:
                Problems.Report(
                    DiagnosticCodes.WrongValue,
                    over.At,
                    $"the loop '{place.Id}' has no members",
                    "a loop over nothing proves nothing"
                );
                return null;
            case ScalarNode { Open: true, Waiting: [] }:
                return null;
            default:
                Problems.Report(
                    DiagnosticCodes.WrongValue,
                    over.At,
                    $"expected a list, not {over.What}",
                    "a loop walks a list, ${env.name}, ${inputs.name}, or an earlier step's ${steps.id.field}"
                );
                return null;
        }
    }

    /// <summary>Two equal members would be one and the same step.</summary>
    private void CheckMembers(JsonElement over, Node? node)
    {
        if (over.ValueKind != JsonValueKind.Array || node is not ListNode list)
            return;
        var seen = new HashSet<string>();
        var index = 0;
        foreach (var member in over.EnumerateArray())
        {
            if (!seen.Add(member.GetRawText()))
                Problems.Report(DiagnosticCodes.WrongValue, list.Elements[index].At, "the loop has this member twice");
            index++;
        }
    }
}
