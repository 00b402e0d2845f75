using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Connectors.Http;

/// <summary>An answer that was read to its end.</summary>
internal sealed record Answer
{
    public required int Status { get; init; }

    public required TimeSpan Latency { get; init; }

    public required ImmutableDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonElement? Json()
    {
        try
        {
            return JsonElement.Parse(Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
