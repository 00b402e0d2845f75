using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Inputs;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    /// <summary>Gives the item its id (its own, or <paramref name="otherwise"/>) and its place.</summary>
    private StepPlace Place(Reading reading, string otherwise)
    {
        var fields = reading.Fields;
        var own = fields.Text("id");
        var at = own is null ? fields.At : fields.PlaceOf("id");
        var id = own is not null && session.Steps.IsId(own, at) ? reading.Scope.InPlan(own) : otherwise;
        var place = session.Steps.Add(reading.Parent, id, at);
        session.Sources[id] = fields.At;
        return place;
    }

    private static string Title(Reading reading, string otherwise) => reading.Fields.Text("name") ?? otherwise;

    /// <summary>An operation's own title: its name, and the first thing that it alters or, when it alters nothing, reads.</summary>
    private static string Title(OperationDefinition? operation, JsonElement with)
    {
        if (operation is null)
            return "?";
        try
        {
            var touches = operation.TouchesOf(with);
            var first = touches.FirstOrDefault(touch => touch.Kind != TouchKind.Read) ?? touches.FirstOrDefault();
            return first is null ? operation.Name : $"{operation.Name} {Shortened(first.Resource)}";
        }
        catch (Exception e)
            when (e is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            // What is wrong is reported where it stands; a reference that waits for the run is no value yet.
            return operation.Name;
        }
    }

    /// <summary>A resource without its system, which the operation's name says already: <c>shop/web1</c>; the first line of it, and not all of a long one.</summary>
    private static string Shortened(string resource)
    {
        const int Longest = 60;
        var thing = resource[(resource.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('\n')[0];
        return thing.Length > Longest ? $"{thing[..(Longest - 1)]}…" : thing;
    }

    private Impact? ReadImpact(Reading reading)
    {
        if (reading.Fields.Map("impact") is not { } map)
            return null;
        var fields = session.Fields(map, reading.Scope);
        var route = fields.RequiredText("route", "the route that users will notice");
        var atMost = fields.Required("at-most", "for how long at most") is { } time ? fields.AsTime(time) : null;
        var reason = fields.RequiredText("reason", "why that is acceptable");
        fields.End();
        return route is null || atMost is null || reason is null
            ? null
            : new Impact
            {
                Route = route,
                AtMost = atMost.Value,
                Reason = reason,
            };
    }

    /// <summary>The operation of this name and kind; null after reporting that there is none.</summary>
    private T? Find<T>(Node named, Fields fields)
        where T : OperationDefinition
    {
        if (fields.AsText(named) is not { } name)
            return null;
        switch (session.Catalog.Find(name))
        {
            case T definition:
                return definition;
            case null:
                Problems.Report(
                    DiagnosticCodes.Operation,
                    named.At,
                    $"there is no operation '{name}'",
                    Problems.Nearest.Hint(name, [.. session.Catalog.Operations.Select(o => o.Name)], "operations")
                        ?? "'belay operations' lists them"
                );
                return null;
            case ChangeDefinition:
                Problems.Report(DiagnosticCodes.Operation, named.At, $"{name} is a change", "write it after 'do'");
                return null;
            default:
                Problems.Report(DiagnosticCodes.Operation, named.At, $"{name} is a check", "write it after 'check'");
                return null;
        }
    }

    /// <summary>The inputs of an operation as JSON, checked against its types.</summary>
    private JsonElement ReadInputs(Fields fields, OperationDefinition? operation, StepPlace? place)
    {
        var with = fields.Take("with");
        var shape = operation is null ? new Shape.Any() : session.Shapes.Of(operation.Inputs);
        var reader = new InputReader(Problems, session, place);
        var before = Problems.Count;
        if (with is null && operation is not null && reader.Missing(shape, fields.At, operation.Name))
            return EmptyInputs;
        var node = with ?? new MapNode(fields.At, []);
        var inputs = operation is null ? EmptyInputs : reader.Read(node, shape);
        if (operation is not null && Problems.Count == before)
            Validate(operation, inputs, (node as MapNode)!);
        return inputs;
    }

    private static readonly JsonElement EmptyInputs = JsonElement.Parse("{}");

    /// <summary>What only the operation itself knows; not while a part of the inputs waits for the run.</summary>
    private void Validate(OperationDefinition operation, JsonElement inputs, MapNode with)
    {
        if (inputs.GetRawText().Contains("${", StringComparison.Ordinal))
            return;
        try
        {
            foreach (var problem in operation.Validate(inputs))
                Problems.Report(
                    DiagnosticCodes.OperationInput,
                    PlaceOf(with, problem.Member),
                    problem.Member.Length == 0 ? problem.Message : $"'{problem.Member}': {problem.Message}"
                );
        }
        catch (JsonException e)
        {
            var member = (e.Path ?? "$").TrimStart('$', '.');
            Problems.Report(
                DiagnosticCodes.OperationInput,
                PlaceOf(with, member),
                $"{(member.Length == 0 ? "the inputs do" : $"'{member}' does")} not fit {operation.Name}",
                $"'belay operations {operation.Name}' describes it"
            );
        }
    }

    private static SourcePosition PlaceOf(MapNode with, string member)
    {
        Node at = with;
        foreach (var name in member.Split('.'))
        {
            var inner = at switch
            {
                MapNode map => map.Find(name),
                ListNode list when int.TryParse(name, out var index) => list.Elements.ElementAtOrDefault(index),
                _ => null,
            };
            if (inner is null)
                break;
            at = inner;
        }
        return at.At;
    }
}
