using System.Diagnostics.CodeAnalysis;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    private static readonly string[] Comparisons = ["is", "not", "in"];

    /// <summary>Decides <c>when</c>: <c>{ value: "${inputs.mode}", is: fast }</c>, with <c>not</c> or <c>in</c> instead of <c>is</c>. Texts are compared as they are written.</summary>
    private bool IsLeftOut(Fields item, FileScope scope, [NotNullWhen(true)] out string? why)
    {
        why = null;
        if (item.Raw("when") is not { } node || item.AsMap(node, "{ value: ..., is: ... }") is not { } map)
            return false;
        var fields = session.Fields(map, scope);
        var written = (fields.Raw("value") as ScalarNode)?.Text;
        var value = fields.RequiredText("value", "what is compared, such as ${inputs.mode}");
        var (word, wanted) = ReadWanted(fields);
        fields.End();
        if (value is null || wanted is null)
            return false;
        var holds = wanted.Contains(value) != (word == "not");
        if (!holds)
            why = $"{written} is '{value}', and must {Requirement(word, wanted)}";
        return !holds;
    }

    private static string Requirement(string word, string[] wanted) =>
        word switch
        {
            "is" => $"be '{wanted[0]}'",
            "not" => $"not be '{wanted[0]}'",
            _ => $"be one of {string.Join(", ", wanted.Select(w => $"'{w}'"))}",
        };

    private (string Word, string[]? Wanted) ReadWanted(Fields fields)
    {
        var given = Comparisons.Where(fields.Has).ToArray();
        // All three are known keys, whichever is there.
        foreach (var comparison in Comparisons)
            fields.Raw(comparison);
        if (given is not [var word])
        {
            Problems.Report(
                DiagnosticCodes.WrongValue,
                fields.At,
                "'when' compares with exactly one of 'is', 'not' and 'in'",
                "write when: { value: \"${inputs.mode}\", is: fast }"
            );
            return ("is", null);
        }
        if (word != "in")
            return (word, fields.Text(word) is { } text ? [text] : null);
        var list = fields.List("in");
        return (word, list is null ? null : [.. list.Elements.Select(fields.AsText).OfType<string>()]);
    }

    /// <summary>Notes the item and all ids inside it, so that a reference to one of them can say why it is not there.</summary>
    private void LeaveOut(MapNode map, string kind, string place, string why, FileScope scope)
    {
        var id = OwnId(map, kind) is { } own ? scope.InPlan(own) : place;
        session.LeftOut.Add(new LeftOut(id, why));
        var waiting = new Stack<Node>([map]);
        while (waiting.TryPop(out var node))
        {
            if (node is ListNode list)
                list.Elements.ToList().ForEach(waiting.Push);
            if (node is not MapNode item)
                continue;
            if (OwnId(item, kind) is { } inner)
                session.Steps.AddLeftOut(scope.InPlan(inner), why);
            foreach (var member in item.Members.Where(m => m.Key is "steps" or "parallel"))
                waiting.Push(member.Value);
        }
    }

    private static string? OwnId(MapNode map, string kind) =>
        map.Find("id") is ScalarNode id ? id.Text
        : map.Find("phase") is ScalarNode phase ? Slug(phase.Text)
        : kind == "use" && map.Find("use") is ScalarNode file ? PrefixOf(file.Text)
        : null;
}
