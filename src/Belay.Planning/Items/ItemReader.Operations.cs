using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    private DoItem ReadDo(Reading reading)
    {
        var fields = reading.Fields;
        var named = fields.Take("do")!;
        var operation = Find<ChangeDefinition>(named, fields);
        var place = Place(reading, reading.Place);
        place.Operation = operation;
        var with = ReadInputs(fields, operation, place);
        var item = new DoItem
        {
            Id = place.Id,
            Title = Title(reading, Title(operation, with)),
            Operation = operation?.Name ?? "?",
            With = with,
            Restore = ReadStepName(reading, fields.Raw("restore"), place),
            BackupAge = fields.Time("backup-age"),
            Impact = ReadImpact(reading),
        };
        return fields.Time("limit") is { } limit ? item with { Limit = limit } : item;
    }

    private CheckItem ReadCheck(Reading reading)
    {
        var fields = reading.Fields;
        var named = fields.Take("check")!;
        var operation = Find<CheckDefinition>(named, fields);
        var place = Place(reading, reading.Place);
        place.Operation = operation;
        var with = ReadInputs(fields, operation, place);
        var item = new CheckItem
        {
            Id = place.Id,
            Title = Title(reading, Title(operation, with)),
            Operation = operation?.Name ?? "?",
            With = with,
            Within = fields.Time("within") ?? TimeSpan.Zero,
            For = fields.Time("for") ?? TimeSpan.Zero,
            Impact = ReadImpact(reading),
        };
        if (fields.Take("every") is not { } every || fields.AsTime(every) is not { } time)
            return item;
        if (time <= TimeSpan.Zero)
            fields.Wrong(every, "a duration above 0");
        return item with { Every = time };
    }

    /// <summary>The id of another step. What the file writes is an id of that file; what an input brings is one of the whole plan.</summary>
    private string? ReadStepName(Reading reading, Node? node, Scopes.StepPlace place)
    {
        if (node is null)
            return null;
        var resolved = session.Texts.Resolve(node, reading.Scope);
        if (reading.Fields.AsText(resolved) is not { } name)
            return null;
        var id = ReferenceEquals(node, resolved) ? reading.Scope.InPlan(name) : name;
        session.Steps.Name(id, node.At, place);
        return id;
    }
}
