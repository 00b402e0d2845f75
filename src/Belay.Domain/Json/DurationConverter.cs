using System.Text.Json;
using System.Text.Json.Serialization;

namespace Belay.Domain.Json;

/// <summary>A <see cref="TimeSpan"/> in the words of plan files.</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Duration.TryParse(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"expected a duration such as {Duration.Example}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Duration.Format(value));
}
