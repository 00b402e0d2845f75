using System.Text.Json;

namespace Belay.Connectors.Elasticsearch.Wire;

/// <summary>Short ways into answers.</summary>
internal static class JsonReading
{
    /// <summary>A member of an object that may lack it; null when it does.</summary>
    public static JsonElement? Find(this JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value;
    }

    /// <summary>A text; null when the member is not there or null.</summary>
    public static string? Text(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.Find(path) is { ValueKind: not JsonValueKind.Null } found ? found.ToString() : null;

    /// <summary>A whole number; 0 when the member is not there.</summary>
    public static long Number(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.Find(path) is { ValueKind: JsonValueKind.Number } found ? found.GetInt64() : 0;

    /// <summary>Whether a member is there and true; settings come as texts.</summary>
    public static bool IsTrue(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.Find(path) is { } found
        && (
            found.ValueKind == JsonValueKind.True
            || (found.ValueKind == JsonValueKind.String && found.GetString() == "true")
        );
}
