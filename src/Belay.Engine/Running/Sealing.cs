using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Turns the secrets in a state into names of sealed values before it is journaled, and back after it is read.</summary>
/// <remarks>
/// Two kinds are sealed: members marked as secret, and plain values in which a secret that the run has used stands (a line of
/// a configuration file that holds the password). The journal's last guard would take the latter's text out for good, and
/// the change could not be taken back any more.
/// </remarks>
/// <param name="values">Keeps the values.</param>
/// <param name="run">The run.</param>
/// <param name="secrets">The secrets that the run has used so far. Default: none, for who only unseals.</param>
internal sealed class Sealing(ISealedValues values, string run, Func<IReadOnlyCollection<string>>? secrets = null)
{
    // A resume needs each value for the touches, the inputs and the states of hundreds of changes: it is opened once.
    private readonly ConcurrentDictionary<string, string> unsealed = new(StringComparer.Ordinal);

    public JsonElement Seal(JsonElement state)
    {
        string[] forms = [.. EventRedaction.Forms(secrets?.Invoke() ?? [])];
        return forms.Length == 0 && !state.GetRawText().Contains('$')
            ? state
            : Rewritten(state, (writer, value) => TrySeal(writer, value, forms));
    }

    public JsonElement? Seal(JsonElement? state) => state is { } known ? Seal(known) : null;

    public JsonElement Unseal(JsonElement state) =>
        state.GetRawText().Contains(SecretMarker.Sealed, StringComparison.Ordinal)
            ? Rewritten(state, TryUnseal)
            : state;

    public JsonElement? Unseal(JsonElement? state) => state is { } known ? Unseal(known) : null;

    private bool TrySeal(Utf8JsonWriter writer, JsonElement value, string[] forms)
    {
        if (Marked(value, SecretMarker.Name) is { } secret)
            Write(writer, SecretMarker.Sealed, values.Seal(run, secret));
        else if (IsTelling(value, forms))
            Write(writer, SecretMarker.SealedJson, values.Seal(run, value.GetRawText()));
        else
            return false;
        return true;
    }

    private bool TryUnseal(Utf8JsonWriter writer, JsonElement value)
    {
        if (Marked(value, SecretMarker.Sealed) is { } secret)
            Write(writer, SecretMarker.Name, Opened(secret));
        else if (Marked(value, SecretMarker.SealedJson) is { } json)
            writer.WriteRawValue(Opened(json));
        else
            return false;
        return true;
    }

    private string Opened(string name) => unsealed.GetOrAdd(name, sealedName => values.Unseal(run, sealedName));

    // What looks like a marked value beside others, or like a sealed one, was written by the operator (the body of a request,
    // say), and must come back as it is.
    private static bool IsTelling(JsonElement value, string[] forms) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Holds(value.GetString()!, forms),
            JsonValueKind.Number => Holds(value.GetRawText(), forms),
            JsonValueKind.Object => value
                .EnumerateObject()
                .Any(member =>
                    member.Name is SecretMarker.Name or SecretMarker.Sealed or SecretMarker.SealedJson
                    || IsTellingName(member.Name, forms)
                ),
            _ => false,
        };

    // Short secrets are words too ("pooler"), and the names of members mostly the program's own: they would be sealed for nothing.
    private static bool IsTellingName(string name, string[] forms) =>
        name.Length >= LeastTellingName && Holds(name, forms);

    private const int LeastTellingName = 12;

    private static bool Holds(string text, string[] forms) =>
        Array.Exists(forms, form => text.Contains(form, StringComparison.Ordinal));

    private static string? Marked(JsonElement value, string marker) =>
        value.ValueKind == JsonValueKind.Object
        && value.GetPropertyCount() == 1
        && value.TryGetProperty(marker, out var inner)
        && inner.ValueKind == JsonValueKind.String
            ? inner.GetString()
            : null;

    private static void Write(Utf8JsonWriter writer, string marker, string value)
    {
        writer.WriteStartObject();
        writer.WriteString(marker, value);
        writer.WriteEndObject();
    }

    private static JsonElement Rewritten(JsonElement state, Func<Utf8JsonWriter, JsonElement, bool> replace)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Rewrite(writer, state, replace);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Rewrite(
        Utf8JsonWriter writer,
        JsonElement value,
        Func<Utf8JsonWriter, JsonElement, bool> replace
    )
    {
        if (replace(writer, value))
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Rewrite(writer, member.Value, replace);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Rewrite(writer, element, replace);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
