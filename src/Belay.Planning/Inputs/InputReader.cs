using System.Buffers;
using System.Text.Json;
using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Inputs;

/// <summary>Reads a value into JSON as its shape says, and reports all that does not fit.</summary>
/// <param name="problems">Takes the diagnostics.</param>
/// <param name="names">Checks the names that inputs hold.</param>
/// <param name="from">The step that is read, for references to others; null outside of steps.</param>
internal sealed class InputReader(Problems problems, IInputNames names, StepPlace? from)
{
    /// <summary>The value as JSON; where something did not fit it holds null.</summary>
    public JsonElement Read(Node node, Shape shape)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, node, shape, shape.What);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>An operation without <c>with</c>: everything that it needs is missing; false when it needs nothing.</summary>
    public bool Missing(Shape shape, SourcePosition at, string what)
    {
        if (shape is not Shape.Record { Required: [_, ..] required })
            return false;
        problems.Report(DiagnosticCodes.MissingKey, at, $"{what} needs {Listed(required)}", "write it under 'with'");
        return true;
    }

    private void Write(Utf8JsonWriter writer, Node node, Shape shape, string wanted)
    {
        switch (node)
        {
            case ScalarNode { Open: true } open when shape.IsSingle || open.Alone:
                WriteOpen(writer, open, shape);
                break;
            case ScalarNode scalar when shape is Shape.Any:
                WriteAny(writer, scalar);
                break;
            case ScalarNode scalar when shape.IsSingle && !CoreSchema.IsNull(scalar):
                WriteSingle(writer, scalar, shape, wanted);
                break;
            case ListNode list when shape is Shape.List or Shape.Any:
                writer.WriteStartArray();
                var element = (shape as Shape.List)?.Element ?? shape;
                foreach (var one in list.Elements)
                    Write(writer, one, element, element.What);
                writer.WriteEndArray();
                break;
            case MapNode map when shape is Shape.Record record:
                WriteRecord(writer, map, record);
                break;
            case MapNode map when shape is Shape.Map or Shape.Any:
                writer.WriteStartObject();
                var value = (shape as Shape.Map)?.Value ?? shape;
                foreach (var member in map.Members)
                {
                    writer.WritePropertyName(member.Key);
                    Write(writer, member.Value, value, value.What);
                }
                writer.WriteEndObject();
                break;
            default:
                Wrong(writer, node, wanted);
                break;
        }
    }

    private void WriteRecord(Utf8JsonWriter writer, MapNode map, Shape.Record record)
    {
        writer.WriteStartObject();
        foreach (var member in map.Members)
        {
            if (record.Members.TryGetValue(member.Key, out var known))
            {
                WriteMember(writer, member, known);
            }
            else
            {
                problems.Report(
                    DiagnosticCodes.UnknownKey,
                    member.KeyAt,
                    $"unknown key '{member.Key}'",
                    problems.Nearest.Hint(member.Key, record.Members.Keys, "keys")
                );
            }
        }
        writer.WriteEndObject();
        foreach (var name in record.Required)
        {
            if (map.Find(name) is null)
                problems.Report(
                    DiagnosticCodes.MissingKey,
                    map.At,
                    $"'{name}' is missing",
                    $"it is {record.Members[name].What}"
                );
        }
    }

    private void WriteMember(Utf8JsonWriter writer, Member member, ShapeMember known)
    {
        writer.WritePropertyName(member.Key);
        if (known.Nullable && member.Value is ScalarNode { Open: false } scalar && CoreSchema.IsNull(scalar))
        {
            writer.WriteNullValue();
            return;
        }
        Write(writer, member.Value, known.Shape, known.Shape.What);
        if (known.Connection is { } kind)
            EachText(member.Value, text => names.Connection(text, kind));
        if (known.IsFile)
            EachText(member.Value, names.File);
    }

    private static void EachText(Node node, Action<ScalarNode> check)
    {
        if (node is ScalarNode { Open: false } scalar)
        {
            check(scalar);
        }
        else if (node is ListNode list)
        {
            foreach (var text in list.Elements.OfType<ScalarNode>().Where(s => !s.Open))
                check(text);
        }
    }

    private void WriteOpen(Utf8JsonWriter writer, ScalarNode open, Shape shape)
    {
        foreach (var reference in open.Waiting)
            names.Waiting(reference, open, shape, from);
        writer.WriteStringValue(open.Text);
    }

    private void WriteSingle(Utf8JsonWriter writer, ScalarNode scalar, Shape shape, string wanted)
    {
        switch (shape)
        {
            case Shape.Text or Shape.Secret:
                writer.WriteStringValue(scalar.Text);
                break;
            case Shape.Word word when word.Words.Contains(scalar.Text):
                writer.WriteStringValue(scalar.Text);
                break;
            case Shape.Word word:
                problems.Report(
                    DiagnosticCodes.WrongValue,
                    scalar.At,
                    $"expected {wanted}, not {scalar.What}",
                    problems.Nearest.Of(scalar.Text, word.Words) is { } near ? $"did you mean '{near}'?" : null
                );
                writer.WriteNullValue();
                break;
            case Shape.Duration when Duration.TryParse(scalar.Text, out _):
                writer.WriteStringValue(scalar.Text);
                break;
            case Shape.Whole when CoreSchema.AsWhole(scalar) is { } whole:
                writer.WriteRawValue(whole);
                break;
            case Shape.Number when CoreSchema.AsNumber(scalar) is { } number:
                writer.WriteRawValue(number);
                break;
            case Shape.Flag when CoreSchema.AsBoolean(scalar) is { } flag:
                writer.WriteBooleanValue(flag);
                break;
            default:
                Wrong(writer, scalar, wanted);
                break;
        }
    }

    private static void WriteAny(Utf8JsonWriter writer, ScalarNode scalar)
    {
        if (CoreSchema.IsNull(scalar))
            writer.WriteNullValue();
        else if (CoreSchema.AsBoolean(scalar) is { } flag)
            writer.WriteBooleanValue(flag);
        else if (CoreSchema.AsNumber(scalar) is { } number)
            writer.WriteRawValue(number);
        else
            writer.WriteStringValue(scalar.Text);
    }

    private void Wrong(Utf8JsonWriter writer, Node node, string wanted)
    {
        problems.Report(DiagnosticCodes.WrongValue, node.At, $"expected {wanted}, not {node.What}", Hint(node, wanted));
        writer.WriteNullValue();
    }

    private static string? Hint(Node node, string wanted) =>
        node switch
        {
            ScalarNode { Plain: true } scalar when CoreSchema.IsNull(scalar) && scalar.Text.Length > 0 =>
                "write it in quotes where the word itself is meant",
            ScalarNode { Plain: false } when wanted.EndsWith("number", StringComparison.Ordinal) =>
                "write it without quotes",
            _ => null,
        };

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}

/// <summary>What an <see cref="InputReader"/> asks of those who know the names that inputs hold.</summary>
internal interface IInputNames
{
    /// <summary>The text names a connection of this kind.</summary>
    void Connection(ScalarNode name, string kind);

    /// <summary>The text names a file whose content counts.</summary>
    void File(ScalarNode path);

    /// <summary>The text has a reference that only the run resolves.</summary>
    void Waiting(Reference reference, ScalarNode text, Shape shape, StepPlace? from);
}
