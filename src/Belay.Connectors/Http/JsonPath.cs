using System.Text.Json;

namespace Belay.Connectors.Http;

/// <summary>Values inside JSON, by paths of member names and list positions between dots: <c>items.0.name</c>.</summary>
internal static class JsonPath
{
    /// <summary>The value at a path; null when there is none.</summary>
    public static JsonElement? Find(JsonElement root, string path)
    {
        JsonElement? current = root;
        foreach (var part in path.Split('.'))
        {
            if (current is { } inside)
                current = Member(inside, part);
        }
        return current;
    }

    private static JsonElement? Member(JsonElement value, string part) =>
        value.ValueKind switch
        {
            JsonValueKind.Object when value.TryGetProperty(part, out var member) => member,
            JsonValueKind.Array
                when int.TryParse(part, out var index) && index >= 0 && index < value.GetArrayLength() => value[index],
            _ => null,
        };

    /// <summary>The leaves of nested objects with their paths; lists and empty objects are leaves.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Leaves(JsonElement value, string path = "")
    {
        if (value.ValueKind != JsonValueKind.Object || (path.Length > 0 && !value.EnumerateObject().Any()))
            return [(path, value)];
        return value.EnumerateObject().SelectMany(m => Leaves(m.Value, path.Length == 0 ? m.Name : $"{path}.{m.Name}"));
    }

    /// <summary>Equal as JSON values; numbers by value.</summary>
    public static bool Same(JsonElement a, JsonElement b) => JsonElement.DeepEquals(a, b);
}
