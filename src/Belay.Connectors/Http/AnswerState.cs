using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Connectors.Http;

/// <summary>What is kept of an answer.</summary>
public sealed record AnswerState
{
    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>From the request to the end of the answer, in milliseconds.</summary>
    public required double LatencyMs { get; init; }

    /// <summary>The expected headers, as far as they are there.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Values of the JSON answer, by path: those that are expected or asked for by <c>keep</c>; without <c>keep</c> also the numbers of its first level.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>Whether the body contains the expected text; null when none is expected.</summary>
    public bool? Contains { get; init; }
}
