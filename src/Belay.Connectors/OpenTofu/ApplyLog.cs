using System.Text.Json;

namespace Belay.Connectors.OpenTofu;

/// <summary>Reads what <c>apply -json</c> writes while it works, a line each.</summary>
/// <remarks>The messages: https://opentofu.org/docs/internals/machine-readable-ui/.</remarks>
internal static class ApplyLog
{
    /// <summary>How many resources are done.</summary>
    public static int Done(string file) => Lines(file).Count(line => TypeOf(line) == "apply_complete");

    /// <summary>What went wrong, a line each; what stands on standard error when the log says nothing.</summary>
    public static string Errors(string file, string standardError)
    {
        string[] errors =
        [
            .. Lines(file)
                .Where(line => TypeOf(line) == "diagnostic")
                .Select(line => line.GetProperty("diagnostic"))
                .Where(told => told.GetProperty("severity").GetString() == "error")
                .Select(told =>
                    $"Error: {told.GetProperty("summary").GetString()} "
                    + $"{(told.TryGetProperty("address", out var address) ? $"({address.GetString()}) " : "")}"
                    + (told.TryGetProperty("detail", out var detail) ? detail.GetString() : "")
                ),
        ];
        return errors.Length > 0 ? string.Join('\n', errors) : standardError;
    }

    private static string? TypeOf(JsonElement line) =>
        line.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static IEnumerable<JsonElement> Lines(string file)
    {
        if (!File.Exists(file))
            yield break;
        using var reader = new StreamReader(
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        );
        while (reader.ReadLine() is { } text)
        {
            if (Parsed(text) is { ValueKind: JsonValueKind.Object } line)
                yield return line;
        }
    }

    // The last line may be half there.
    private static JsonElement? Parsed(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
