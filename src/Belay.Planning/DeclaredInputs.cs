using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>The <c>inputs</c> that a file declares, and the values that they get.</summary>
internal sealed class DeclaredInputs
{
    private static readonly string[] Types = ["text", "number", "boolean", "choice", "folder", "list"];

    private readonly Session session;
    private readonly SourcePosition at;
    private readonly List<Declared> declared = [];

    public DeclaredInputs(Session session, Fields file, FileScope scope)
    {
        this.session = session;
        at = file.PlaceOf("inputs");
        foreach (var member in file.Map("inputs")?.Members ?? [])
        {
            if (file.AsMap(member.Value, "what the input is, such as { type: text }") is { } map)
                declared.Add(Read(member, session.Fields(map, scope)));
        }
    }

    private Problems Problems => session.Problems;

    /// <summary>Values that a person gave; a list's elements with commas between them.</summary>
    public ImmutableDictionary<string, Node> FromPerson(IReadOnlyDictionary<string, string> given) =>
        Values(
            given.ToDictionary(g => g.Key, g => Given(g.Key, g.Value)),
            name => (at, $"give it with --input {name}=VALUE")
        );

    private Node Given(string name, string value)
    {
        if (!declared.Exists(d => d.Name == name && d.Type == "list"))
            return Scalar(value);
        return new ListNode(at, [.. value.Split(',', StringSplitOptions.TrimEntries).Select(Scalar)]);

        // A person's text is no template, and is a number or a boolean where one is declared.
        ScalarNode Scalar(string text) => new(at, text.Replace("${", "$${", StringComparison.Ordinal), Plain: true);
    }

    /// <summary>Values that a plan gives to a file that it uses.</summary>
    public ImmutableDictionary<string, Node> FromPlan(MapNode? with, SourcePosition useAt) =>
        Values(
            (with?.Members ?? []).ToDictionary(m => m.Key, m => m.Value),
            name => (with?.At ?? useAt, $"give '{name}' under 'with'")
        );

    private ImmutableDictionary<string, Node> Values(
        Dictionary<string, Node> given,
        Func<string, (SourcePosition At, string Hint)> missing
    )
    {
        var values = ImmutableDictionary.CreateBuilder<string, Node>();
        foreach (var input in declared)
        {
            if (given.Remove(input.Name, out var value))
            {
                values[input.Name] = Typed(input, value);
            }
            else if (input.Default is not null)
            {
                values[input.Name] = Typed(input, input.Default);
            }
            else
            {
                var (place, hint) = missing(input.Name);
                Problems.Report(
                    DiagnosticCodes.Input,
                    place == at ? input.At : place,
                    $"the input '{input.Name}' has no value{(input.Words is null ? "" : $": {input.Words}")}",
                    hint
                );
                values[input.Name] = new ScalarNode(input.At, "", Plain: false) { Open = true };
            }
        }
        foreach (var (name, value) in given)
            Problems.Report(
                DiagnosticCodes.Input,
                value.At,
                $"there is no input '{name}'",
                Problems.Nearest.Hint(name, [.. declared.Select(d => d.Name)], "inputs") ?? "declare it under 'inputs'"
            );
        return values.ToImmutable();
    }

    private Declared Read(Member member, Fields fields)
    {
        var type = fields.Required("type", string.Join(", ", Types));
        var word = type is null ? null : fields.AsText(type);
        if (word is not null && !Types.Contains(word))
        {
            Problems.Report(
                DiagnosticCodes.WrongValue,
                type!.At,
                $"there is no type of input '{word}'",
                Problems.Nearest.Hint(word, Types, "types")
            );
        }
        var choices = word == "choice" ? fields.Required("choices", "the list of what can be chosen") : null;
        var input = new Declared(
            member.Key,
            member.KeyAt,
            word,
            choices is null ? [] : [.. (fields.AsList(choices)?.Elements ?? []).Select(fields.AsText).OfType<string>()],
            fields.Text("description"),
            fields.Take("default")
        );
        fields.End();
        return input;
    }

    private Node Typed(Declared input, Node value)
    {
        if (value is ScalarNode { Open: true })
            return value;
        if (value is ScalarNode { Text.Length: > 0 } scalar && Fits(input, scalar))
            // A text stays a text where it is put in place: a release 4.10 is no number.
            return input.Type is "number" or "boolean" ? scalar : scalar with { Plain = false };
        if (value is ListNode && input.Type == "list")
            return value;
        Problems.Report(
            DiagnosticCodes.Input,
            value.At,
            $"the input '{input.Name}' is {value.What}, and must be {Wanted(input)}"
        );
        return new ScalarNode(value.At, "", Plain: false) { Open = true };
    }

    private bool Fits(Declared input, ScalarNode value) =>
        input.Type switch
        {
            "number" => CoreSchema.AsNumber(value) is not null,
            "boolean" => CoreSchema.AsBoolean(value) is not null,
            "choice" => input.Choices.Contains(value.Text),
            "list" => false,
            "folder" => Directory.Exists(Path.GetFullPath(value.Text, session.Files.PlanFolder)),
            _ => true,
        };

    private static string Wanted(Declared input) =>
        input.Type switch
        {
            "number" => "a number",
            "boolean" => "true or false",
            "choice" => $"one of {string.Join(", ", input.Choices)}",
            "list" => "a list",
            "folder" => "a folder that exists; a path begins at the plan's folder",
            _ => "a text",
        };

    private sealed record Declared(
        string Name,
        SourcePosition At,
        string? Type,
        ImmutableArray<string> Choices,
        string? Words,
        Node? Default
    );
}
