using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Belay.Planning.Pages;

/// <summary>JSON that is checked in: indented, readable, with a line break at its end.</summary>
internal static class SchemaText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            node.WriteTo(writer);
        return $"{Encoding.UTF8.GetString(buffer.ToArray())}\n";
    }
}
