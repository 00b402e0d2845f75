using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>A copy of a state, in a file that only its owner reads. It holds secrets.</summary>
/// <remarks>The format, version 4: https://opentofu.org/docs/language/state/ (internal/states/statefile/version4.go).</remarks>
/// <param name="File">The file; empty when the backend has no state yet.</param>
/// <param name="Serial">Counts the state's versions; 0 when there is none.</param>
/// <param name="Lineage">Tells this state from every other one; null when there is none.</param>
/// <param name="Resources">How many objects it holds.</param>
/// <param name="Contents">A digest of all that it holds.</param>
/// <param name="Outputs">Its outputs; sensitive texts are marked as secrets, other sensitive values are left out.</param>
internal sealed record StateFile(
    string File,
    long Serial,
    string? Lineage,
    int Resources,
    string Contents,
    ImmutableSortedDictionary<string, JsonElement> Outputs
)
{
    /// <summary>Serial and lineage, for people.</summary>
    public string Words =>
        Lineage is null
            ? "no state"
            : string.Create(CultureInfo.InvariantCulture, $"serial {Serial} of {Lineage[..8]}");

    /// <summary>Reads what <c>state pull</c> wrote.</summary>
    /// <exception cref="OperationException">Refused: it is no state that Belay knows.</exception>
    public static StateFile Read(string file)
    {
        var bytes = System.IO.File.ReadAllBytes(file);
        if (bytes.All(b => char.IsWhiteSpace((char)b)))
            return new(file, 0, null, 0, "", ImmutableSortedDictionary<string, JsonElement>.Empty);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var state = document.RootElement;
            return new StateFile(
                file,
                state.GetProperty("serial").GetInt64(),
                // A backend without a state answers with an empty one.
                state.GetProperty("lineage").GetString()
                    is { Length: > 0 } lineage
                    ? lineage
                    : null,
                state
                    .GetProperty("resources")
                    .EnumerateArray()
                    .Where(IsManaged)
                    .Sum(r => r.GetProperty("instances").GetArrayLength()),
                Digest(state.GetProperty("resources").GetRawText() + state.GetProperty("outputs").GetRawText()),
                state
                    .GetProperty("outputs")
                    .EnumerateObject()
                    .Select(output => (output.Name, Value: OutputOf(output.Value)))
                    .Where(output => output.Value is not null)
                    .ToImmutableSortedDictionary(o => o.Name, o => o.Value!.Value, StringComparer.Ordinal)
            );
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw OperationException.Refused(
                "the tool's state is in a format that Belay does not know: a state file of version 4 is expected",
                e
            );
        }
    }

    /// <summary>Keeps a copy, named by lineage and serial, so that no later one overwrites it.</summary>
    public string Keep(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Lineage ?? "none"}-{Serial:D6}.tfstate");
        var kept = Path.Combine(folder, name);
        System.IO.File.Copy(File, kept, overwrite: true);
        System.IO.File.SetUnixFileMode(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return kept;
    }

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool IsManaged(JsonElement resource) => resource.GetProperty("mode").GetString() == "managed";

    private static JsonElement? OutputOf(JsonElement output)
    {
        var value = output.GetProperty("value").Clone();
        if (!output.TryGetProperty("sensitive", out var sensitive) || !sensitive.GetBoolean())
            return value;
        return value.ValueKind == JsonValueKind.String
            ? JsonSerializer.SerializeToElement(new Secret(value.GetString()!), OpenTofuJson.Default.Secret)
            : null;
    }
}
