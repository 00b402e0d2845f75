using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    private SoakItem ReadSoak(Reading reading)
    {
        var fields = reading.Fields;
        var node = fields.Take("soak")!;
        var place = Place(reading, reading.Place);
        var item = node is MapNode map
            ? ReadSoak(session.Fields(map, reading.Scope), place)
            : new SoakItem
            {
                Id = place.Id,
                Title = "soak",
                Time = fields.AsTime(node),
            };
        var words = item.Time is { } time ? $"soak {Duration.Format(time)}" : $"soak {item.Samples} samples";
        return item with { Title = Title(reading, words), Impact = ReadImpact(reading) };
    }

    private SoakItem ReadSoak(Fields fields, StepPlace place)
    {
        var item = new SoakItem
        {
            Id = place.Id,
            Title = "soak",
            Time = fields.Time("time"),
            Samples = fields.Count("samples", least: 1),
            Watch = fields.Text("watch"),
        };
        fields.End();
        if (fields.Has("time") == fields.Has("samples"))
            Problems.Report(
                DiagnosticCodes.WrongValue,
                fields.At,
                "a soak is either a time or a number of samples",
                "write soak: 15m, or soak: { samples: 100, watch: NAME }"
            );
        if (item.Watch is { } watch && !session.Watches.Contains(watch))
            Problems.Report(
                DiagnosticCodes.Reference,
                fields.PlaceOf("watch"),
                $"there is no watch '{watch}'",
                Problems.Nearest.Hint(watch, session.Watches, "watches") ?? "name it under 'watch' of the plan"
            );
        return item;
    }

    private ApproveItem? ReadApprove(Reading reading)
    {
        var place = Place(reading, reading.Place);
        if (reading.Fields.AsMap(reading.Fields.Raw("approve")!, "who approves, { by: ROLE }") is not { } map)
            return null;
        var fields = session.Fields(map, reading.Scope);
        var by = fields.RequiredText("by", "a role or a name");
        var item = new ApproveItem
        {
            Id = place.Id,
            Title = Title(reading, $"approval by {by}"),
            Impact = ReadImpact(reading),
            By = by ?? "?",
            Not = fields.Text("not"),
            Count = fields.Count("count", least: 1) ?? 1,
        };
        fields.End();
        return item;
    }

    private ConfirmItem? ReadConfirm(Reading reading)
    {
        var place = Place(reading, reading.Place);
        if (reading.Fields.AsMap(reading.Fields.Raw("confirm")!, "{ instructions: TEXT, by: ROLE }") is not { } map)
            return null;
        var fields = session.Fields(map, reading.Scope);
        var instructions = fields.RequiredText("instructions", "what the person has to do");
        var item = new ConfirmItem
        {
            Id = place.Id,
            Title = Title(reading, FirstLine(instructions ?? "?")),
            Impact = ReadImpact(reading),
            Instructions = instructions ?? "?",
            By = fields.Text("by"),
        };
        fields.End();
        return item;
    }

    private static string FirstLine(string text)
    {
        var line = text.AsSpan().Trim();
        line = line.IndexOf('\n') is var end and >= 0 ? line[..end].TrimEnd() : line;
        return line.Length <= 80 ? line.ToString() : $"{line[..77]}...";
    }
}
