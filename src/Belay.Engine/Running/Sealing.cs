using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>Turns secret members of a state into names of sealed values before it is journaled, and back after it is read.</summary>
internal sealed class Sealing(ISealedValues values, string run)
{
    // A resume needs each value for the touches, the inputs and the states of hundreds of changes: it is opened once.
    private readonly ConcurrentDictionary<string, string> unsealed = new(StringComparer.Ordinal);

    public JsonElement Seal(JsonElement state) =>
        Replace(state, SecretMarker.Name, SecretMarker.Sealed, value => values.Seal(run, value));

    public JsonElement? Seal(JsonElement? state) => state is { } known ? Seal(known) : null;

    public JsonElement Unseal(JsonElement state) =>
        Replace(
            state,
            SecretMarker.Sealed,
            SecretMarker.Name,
            name => unsealed.GetOrAdd(name, sealedName => values.Unseal(run, sealedName))
        );

    public JsonElement? Unseal(JsonElement? state) => state is { } known ? Unseal(known) : null;

    private static JsonElement Replace(JsonElement state, string from, string to, Func<string, string> change)
    {
        if (!state.GetRawText().Contains(from, StringComparison.Ordinal))
            return state;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, state, from, to, change);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(
        Utf8JsonWriter writer,
        JsonElement value,
        string from,
        string to,
        Func<string, string> change
    )
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (member.NameEquals(from) && member.Value.ValueKind == JsonValueKind.String)
                    {
                        writer.WriteString(to, change(member.Value.GetString()!));
                        continue;
                    }
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, from, to, change);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, element, from, to, change);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
