using System.Text;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    private Item ReadPhase(Reading reading)
    {
        var fields = reading.Fields;
        var named = fields.Take("phase")!;
        var name = fields.AsText(named);
        var id = name is null || Slug(name) is not { Length: > 0 } slug ? reading.Place : reading.Scope.InPlan(slug);
        if (fields.Has("each"))
            return ReadLoop(reading, id, name);
        var place = Place(reading, id);
        return new PhaseItem
        {
            Id = place.Id,
            Title = Title(reading, name ?? id),
            Impact = ReadImpact(reading),
            Steps = ReadAll(RequiredSteps(fields), place, reading.Scope),
        };
    }

    /// <summary>The id that a phase's name makes: <c>remove-the-old-cache</c>.</summary>
    private static string Slug(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name.Trim())
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '_')
                words.Append(letter);
            else if (words.Length > 0 && words[^1] != '-')
                words.Append('-');
        }
        return words.ToString().TrimEnd('-');
    }

    private ParallelItem ReadParallel(Reading reading)
    {
        var fields = reading.Fields;
        var list = fields.AsList(fields.Raw("parallel")!);
        var place = Place(reading, reading.Place);
        place.Group = GroupKind.Parallel;
        return new ParallelItem
        {
            Id = place.Id,
            Title = Title(reading, "at the same time"),
            Impact = ReadImpact(reading),
            Steps = ReadAll(list, place, reading.Scope),
        };
    }

    private DuringItem? ReadDuring(Reading reading)
    {
        var fields = reading.Fields;
        var place = Place(reading, reading.Place);
        var map = fields.AsMap(fields.Raw("during")!, "a freeze or a hold");
        var item = map is null ? null : ReadCondition(reading, map, place);
        var steps = ReadAll(RequiredSteps(fields), place, reading.Scope);
        var impact = ReadImpact(reading);
        return item is null ? null : item with { Steps = steps, Impact = impact };
    }

    private DuringItem? ReadCondition(Reading reading, MapNode map, StepPlace place)
    {
        var fields = session.Fields(map, reading.Scope);
        var (mode, word) = fields.Has("hold") ? (DuringMode.Hold, "hold") : (DuringMode.Freeze, "freeze");
        var named = fields.Required(word, "the change that brings the condition about: 'freeze' or 'hold'");
        var operation = named is null ? null : Find<ChangeDefinition>(named, fields);
        var id = $"{place.Id}.{word}";
        var condition = session.Steps.Add(place, id, map.At);
        session.Sources[id] = map.At;
        condition.Operation = operation;
        var with = ReadInputs(fields, operation, condition);
        var title = Title(operation, with);
        var item = new DuringItem
        {
            Id = place.Id,
            Title = Title(reading, $"{word}: {title}"),
            Mode = mode,
            Condition = new DoItem
            {
                Id = id,
                Title = title,
                Operation = operation?.Name ?? "?",
                With = with,
            },
            AtMost = mode == DuringMode.Freeze ? fields.Time("at-most") : null,
            Exempt = mode == DuringMode.Hold ? [.. ReadExempt(reading, fields, place)] : [],
            Steps = [],
        };
        fields.End();
        return named is null ? null : item;
    }

    private IEnumerable<string> ReadExempt(Reading reading, Fields fields, StepPlace place) =>
        ((fields.Raw("exempt") is { } node ? fields.AsList(node) : null)?.Elements ?? [])
            .Select(element => ReadStepName(reading, element, place))
            .OfType<string>();

    internal static ListNode? RequiredSteps(Fields fields)
    {
        // Not resolved as a whole: each item puts its own references in place.
        var raw = fields.Raw("steps");
        return raw is null ? fields.Required("steps", "the list of what is done") as ListNode : fields.AsList(raw);
    }
}
