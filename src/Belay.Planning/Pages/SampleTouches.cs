using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Planning.Inputs;

namespace Belay.Planning.Pages;

/// <summary>What an operation touches, shown with the names of its inputs where their values would stand: <c>haproxy:&lt;backend&gt;/&lt;server&gt;</c>.</summary>
internal static class SampleTouches
{
    /// <summary>The touches with sample inputs; empty where an operation can say nothing about samples.</summary>
    public static ImmutableArray<Touch> Of(OperationDefinition operation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, ShapeBuilder.Build(TypeSchema.Of(operation.Inputs)), "value");
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        var sample = JsonElement.ParseValue(ref reader);
        try
        {
            return operation.TouchesOf(sample);
        }
        catch (Exception e)
            when (e is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            // A sample is no real value: an address that does not parse, a union without its kind.
            return [];
        }
    }

    private static void Write(Utf8JsonWriter writer, Shape shape, string name)
    {
        switch (shape)
        {
            case Shape.Whole or Shape.Number:
                writer.WriteNumberValue(1);
                break;
            case Shape.Flag:
                writer.WriteBooleanValue(false);
                break;
            case Shape.Duration:
                writer.WriteStringValue("1s");
                break;
            case Shape.Word word:
                writer.WriteStringValue(word.Words[0]);
                break;
            case Shape.List list:
                writer.WriteStartArray();
                Write(writer, list.Element, name);
                writer.WriteEndArray();
                break;
            case Shape.Map:
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
            case Shape.Record record:
                writer.WriteStartObject();
                foreach (var required in record.Required)
                {
                    writer.WritePropertyName(required);
                    Write(writer, record.Members[required].Shape, required);
                }
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue($"<{name}>");
                break;
        }
    }
}
