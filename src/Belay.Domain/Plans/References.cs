using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Domain.Plans;

/// <summary>Finds and resolves references. There is no expression language: a reference stands for a value, and <c>$${</c> for a literal <c>${</c>.</summary>
public static class References
{
    /// <summary>Splits a text into words and references.</summary>
    /// <exception cref="ReferenceException">A reference is not closed, is empty, or has an empty part.</exception>
    public static ImmutableArray<TextPiece> Parse(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<TextPiece>();
        var words = new StringBuilder();
        var begin = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("$${", StringComparison.Ordinal))
            {
                words.Append("${");
                i += 2;
            }
            else if (text.AsSpan(i).StartsWith("${", StringComparison.Ordinal))
            {
                if (words.Length > 0)
                    pieces.Add(new TextPiece(words.ToString(), null, begin));
                words.Clear();
                var end = text.IndexOf('}', i);
                if (end < 0)
                    throw new ReferenceException("the reference is not closed: '}' is missing", i);
                pieces.Add(new TextPiece(null, ParseOne(text[(i + 2)..end], i), i));
                i = end;
                begin = end + 1;
            }
            else
            {
                words.Append(text[i]);
            }
        }
        if (words.Length > 0)
            pieces.Add(new TextPiece(words.ToString(), null, begin));
        return pieces.ToImmutable();
    }

    /// <summary>All references in the texts of a JSON value, in order.</summary>
    /// <exception cref="ReferenceException">A reference cannot be read.</exception>
    public static IEnumerable<Reference> In(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Contains("${", StringComparison.Ordinal)
                ? Parse(value.GetString()!).Where(p => p.Reference is not null).Select(p => p.Reference!)
                : [],
            JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
            JsonValueKind.Object => value.EnumerateObject().SelectMany(m => In(m.Value)),
            _ => [],
        };

    /// <summary>Puts values in the place of references. A text that is one reference alone becomes the value with its type; otherwise values become part of the text.</summary>
    /// <param name="template">The value with references.</param>
    /// <param name="lookup">The value of a reference; null leaves the reference as it stands, to be resolved later.</param>
    /// <exception cref="ReferenceException">A reference cannot be read, or an object or array stands inside a longer text.</exception>
    public static JsonElement Resolve(JsonElement template, Func<Reference, JsonElement?> lookup)
    {
        if (!template.GetRawText().Contains("${", StringComparison.Ordinal))
            return template;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, template, lookup);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static Reference ParseOne(string inner, int offset)
    {
        if (inner.StartsWith("secret:", StringComparison.Ordinal))
        {
            var name = inner["secret:".Length..];
            return name.Length > 0
                ? new Reference(Reference.Secret, [name])
                : throw new ReferenceException("the secret's name is missing", offset);
        }
        var parts = inner.Split('.');
        if (parts.Any(string.IsNullOrWhiteSpace))
            throw new ReferenceException($"'${{{inner}}}' is no reference: write ${{root.name}}", offset);
        return new Reference(parts[0], [.. parts[1..]]);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Func<Reference, JsonElement?> lookup)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, lookup);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, element, lookup);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when value.GetString()!.Contains("${", StringComparison.Ordinal):
                WriteText(writer, value.GetString()!, lookup);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text, Func<Reference, JsonElement?> lookup)
    {
        var pieces = Parse(text);
        if (pieces is [{ Reference: { } alone }])
        {
            if (lookup(alone) is { } value)
                value.WriteTo(writer);
            else
                writer.WriteStringValue(text);
            return;
        }
        // While one reference must wait, all do: the literal "$${" may be read only once.
        var values = pieces.Select(p => p.Reference is null ? null : lookup(p.Reference)).ToArray();
        if (pieces.Where((p, i) => p.Reference is not null && values[i] is null).Any())
        {
            writer.WriteStringValue(string.Concat(pieces.Select((p, i) => Partly(p, values[i]))));
            return;
        }
        var whole = string.Concat(pieces.Select((p, i) => p.Words ?? AsText(values[i]!.Value, p)));
        if (values.Any(v => v is { } value && SecretIn(value) is not null))
            WriteSecret(writer, whole);
        else
            writer.WriteStringValue(whole);
    }

    // A text with a secret inside is a secret as a whole.
    private static void WriteSecret(Utf8JsonWriter writer, string whole)
    {
        writer.WriteStartObject();
        writer.WriteString(SecretMarker.Name, whole);
        writer.WriteEndObject();
    }

    private static string? SecretIn(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(SecretMarker.Name, out var inner)
            ? inner.GetString()
            : null;

    private static string Partly(TextPiece piece, JsonElement? value) =>
        piece.Words is { } words ? words.Replace("${", "$${", StringComparison.Ordinal)
        : value is { } known ? AsText(known, piece).Replace("${", "$${", StringComparison.Ordinal)
        : piece.Reference!.ToString();

    private static string AsText(JsonElement value, TextPiece piece) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Object when SecretIn(value) is { } secret => secret,
            JsonValueKind.Object or JsonValueKind.Array => throw new ReferenceException(
                $"{piece.Reference} is not a single value: it cannot stand inside a longer text",
                piece.Offset
            ),
            JsonValueKind.Null => "",
            _ => value.GetRawText(),
        };
}
