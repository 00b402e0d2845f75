using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Views.Values;

/// <summary>A JSON value as one line for each text, number or truth in it. Secrets, sealed or not, are never shown.</summary>
internal static class JsonLeaves
{
    /// <summary>What lies deeper is shown as one line of JSON.</summary>
    private const int Deepest = 8;

    /// <summary>Members and places joined by dots and brackets, each with its value; null values are left out.</summary>
    public static ImmutableArray<Leaf> Of(JsonElement? value)
    {
        var leaves = ImmutableArray.CreateBuilder<Leaf>();
        if (value is { } element)
            Add(leaves, "", element, 0);
        return leaves.ToImmutable();
    }

    private static void Add(ImmutableArray<Leaf>.Builder leaves, string path, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsSecret(value):
                leaves.Add(new Leaf(path, EventRedaction.Mark) { Seal = value.GetRawText() });
                break;
            case JsonValueKind.Object when depth < Deepest && value.EnumerateObject().Any():
                foreach (var member in value.EnumerateObject())
                    Add(leaves, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value, depth + 1);
                break;
            case JsonValueKind.Array when depth < Deepest && value.GetArrayLength() > 0:
                foreach (var (index, element) in value.EnumerateArray().Index())
                    Add(leaves, $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]", element, depth + 1);
                break;
            case JsonValueKind.String:
                leaves.Add(new Leaf(path, value.GetString()!));
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                leaves.Add(new Leaf(path, Deep(value)));
                break;
            default:
                leaves.Add(new Leaf(path, value.GetRawText()) { IsNumber = value.ValueKind == JsonValueKind.Number });
                break;
        }
    }

    private static string Deep(JsonElement value) => HoldsSecret(value) ? EventRedaction.Mark : value.GetRawText();

    private static bool HoldsSecret(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => IsSecret(value) || value.EnumerateObject().Any(member => HoldsSecret(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(HoldsSecret),
            _ => false,
        };

    private static bool IsSecret(JsonElement value) =>
        value.TryGetProperty(SecretMarker.Sealed, out _)
        || value.TryGetProperty(SecretMarker.SealedJson, out _)
        || value.TryGetProperty(SecretMarker.Name, out _);
}

/// <summary>One value and where it stands.</summary>
/// <param name="Path">Members and places from the outside in: <c>servers[0].state</c>; empty for a bare value.</param>
/// <param name="Value">The value as text.</param>
internal sealed record Leaf(string Path, string Value)
{
    /// <summary>Whether it was measured or counted, and not a text or a truth.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Tells one secret from another; never shown. Null when the value is none.</summary>
    public string? Seal { get; init; }
}
