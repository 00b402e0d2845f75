using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Belay.Domain.Contract;

namespace Belay.Connectors.Http;

/// <summary>Puts values in the place of <c>{name}</c>.</summary>
/// <param name="values">The values by name.</param>
internal sealed partial class Placeholders(ImmutableSortedDictionary<string, string> values)
{
    /// <summary>A text with values.</summary>
    /// <exception cref="OperationException">Refused: a name has no value.</exception>
    public string Fill(string text) => Name().Replace(text, m => Value(m.Groups["name"].Value));

    /// <summary>A path with values, escaped.</summary>
    public string FillUrl(string path) =>
        Name().Replace(path, m => Uri.EscapeDataString(Value(m.Groups["name"].Value)));

    /// <summary>A JSON value with values in its texts, and secrets in the clear.</summary>
    public JsonElement Fill(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The names in a text.</summary>
    public static IEnumerable<string> Names(string text) => Name().Matches(text).Select(m => m.Groups["name"].Value);

    private string Value(string name) =>
        values.GetValueOrDefault(name)
        ?? throw OperationException.Refused(
            $"{{{name}}} has no value: known are {string.Join(", ", values.Keys)}; keep it from an earlier answer"
        );

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.TryGetProperty(SecretMarker.Name, out var secret):
                writer.WriteStringValue(secret.GetString());
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, element);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Fill(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    [GeneratedRegex(
        "\\{(?<name>[A-Za-z][A-Za-z0-9_-]{0,63})\\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Name();
}
