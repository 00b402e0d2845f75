using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Belay.Connectors.Elasticsearch;

/// <summary>What a document says, as a hash that does not look at the order of members nor at how a number is written: a reindex from another cluster writes both anew. Pure.</summary>
internal static class ContentHash
{
    /// <summary>SHA-256 of the content.</summary>
    public static byte[] Of(JsonElement source)
    {
        var text = new StringBuilder();
        Write(source, text);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    Write(member.Name, text);
                    Write(member.Value, text.Append(':'));
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Write(item, text.Append(','));
                text.Append(']');
                break;
            case JsonValueKind.String:
                Write(value.GetString()!, text);
                break;
            case JsonValueKind.Number when value.TryGetDecimal(out var number):
                // Divided by one with all its places, a number loses the zeros at its end.
                text.Append(number / 1.0000000000000000000000000000m);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    // The length in front keeps texts from running into each other.
    private static void Write(string value, StringBuilder text) => text.Append(value.Length).Append('"').Append(value);
}
