using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;

namespace Belay.Rehearsal.Operations;

/// <summary>States of an operation made from its type alone, so that what later steps refer to is there and has the right type. Lists have two members.</summary>
internal static class SampleState
{
    private const int Deepest = 5;
    private const string Number = "1";

    /// <summary>The members of a sample state, as JSON without the closing brace: more can be written behind.</summary>
    public static string Open(JsonTypeInfo type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, type, "sample", 0);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return text is "{}" || !text.StartsWith('{') ? "{" : text[..^1] + ",";
    }

    private static void Write(Utf8JsonWriter writer, JsonTypeInfo type, string name, int depth)
    {
        if (depth > Deepest)
        {
            writer.WriteNullValue();
            return;
        }
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                writer.WriteStartObject();
                foreach (var member in type.Properties.Where(member => member.Get is not null))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, type.Options.GetTypeInfo(member.PropertyType), member.Name, depth + 1);
                }
                writer.WriteEndObject();
                break;
            case JsonTypeInfoKind.Enumerable:
                writer.WriteStartArray();
                foreach (var each in (string[])[$"{name}-1", $"{name}-2"])
                    Write(writer, type.Options.GetTypeInfo(type.ElementType!), each, depth + 1);
                writer.WriteEndArray();
                break;
            case JsonTypeInfoKind.Dictionary:
                writer.WriteStartObject();
                writer.WritePropertyName(name);
                Write(writer, type.Options.GetTypeInfo(type.ElementType!), name, depth + 1);
                writer.WriteEndObject();
                break;
            default:
                Single(writer, Nullable.GetUnderlyingType(type.Type) ?? type.Type, type, name);
                break;
        }
    }

    private static void Single(Utf8JsonWriter writer, Type type, JsonTypeInfo info, string name)
    {
        if (type == typeof(bool))
            writer.WriteBooleanValue(true);
        else if (type == typeof(TimeSpan))
            writer.WriteStringValue("1s");
        else if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            writer.WriteStringValue("2026-01-01T00:00:00Z");
        else if (type == typeof(string) || type == typeof(Secret) || type == typeof(JsonElement))
            writer.WriteStringValue(name);
        else if (type.IsEnum)
            JsonSerializer.Serialize(writer, Enum.ToObject(type, 0), info.Options.GetTypeInfo(type));
        else if (type.IsPrimitive || type == typeof(decimal))
            writer.WriteRawValue(Number);
        else
            writer.WriteNullValue();
    }
}
