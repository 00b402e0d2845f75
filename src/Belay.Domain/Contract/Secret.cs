using System.Text.Json;
using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>A value that must not be shown. Its text is reached only through <see cref="Reveal"/>.</summary>
/// <remarks>
/// In JSON it is the object <c>{"$secret": "value"}</c>; the engine seals every such object before it journals a state
/// and unseals it after it reads one back. A plain string is accepted too (a value with no secret reference).
/// </remarks>
[JsonConverter(typeof(SecretConverter))]
public sealed class Secret : IEquatable<Secret>
{
    private readonly string value;

    /// <summary>Wraps a value.</summary>
    public Secret(string value) => this.value = value;

    /// <summary>The value itself. The caller keeps it out of messages, logs and argument lists.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public bool Equals(Secret? other) =>
        other is not null && string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(value, StringComparison.Ordinal);

    /// <summary>Words that stand for the value wherever people look.</summary>
    public override string ToString() => "(secret)";
}

/// <summary>Reads and writes a <see cref="Secret"/>; see there.</summary>
public sealed class SecretConverter : JsonConverter<Secret>
{
    /// <inheritdoc/>
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new Secret(reader.GetString()!);
        using var document = JsonDocument.ParseValue(ref reader);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(SecretMarker.Name, out var inner)
            && inner.ValueKind == JsonValueKind.String
            ? new Secret(inner.GetString()!)
            : throw new JsonException("expected a text or a secret reference");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(SecretMarker.Name, value.Reveal());
        writer.WriteEndObject();
    }
}

/// <summary>The member name that marks a secret value in a state's JSON.</summary>
public static class SecretMarker
{
    /// <summary><c>$secret</c>: the value in the clear; only ever in memory.</summary>
    public const string Name = "$secret";

    /// <summary><c>$sealed</c>: the name of the sealed value; what a journal holds.</summary>
    public const string Sealed = "$sealed";

    /// <summary><c>$sealed-json</c>: the name of the sealed JSON text of a value that is no secret itself but holds one; what a journal holds.</summary>
    public const string SealedJson = "$sealed-json";
}
