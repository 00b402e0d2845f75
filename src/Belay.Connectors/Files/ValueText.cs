using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.Files;

/// <summary>A single value of a configuration file: a text, a number, true, false or null.</summary>
/// <param name="Text">Its text: of a number, its digits.</param>
/// <param name="IsText">Whether it is a text, so that it must be quoted where it could be read as something else.</param>
/// <param name="IsSecret">Whether it must not be shown.</param>
internal sealed record ValueText(string Text, bool IsText, bool IsSecret)
{
    /// <summary>The value of an input; null when it is no single value.</summary>
    public static ValueText? Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => new(value.GetString()!, IsText: true, IsSecret: false),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new(value.GetRawText(), false, false),
            JsonValueKind.Null => new("null", IsText: false, IsSecret: false),
            JsonValueKind.Object
                when value.TryGetProperty(SecretMarker.Name, out var inner)
                    && inner.ValueKind == JsonValueKind.String => new(inner.GetString()!, IsText: true, IsSecret: true),
            _ => null,
        };
}
