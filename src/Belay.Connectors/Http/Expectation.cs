using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Connectors.Http;

/// <summary>What an answer must be. Everything that is given must hold.</summary>
public sealed record Expectation
{
    /// <summary>The status code. Default: any from 200 to 299.</summary>
    public int? Status { get; init; }

    /// <summary>Headers and their values; a header that is there more than once is joined by a comma and a space.</summary>
    public ImmutableSortedDictionary<string, string> Header { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Members that the JSON answer must have with these values; it may have more. Objects are compared member by member, lists as a whole.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>Greatest values of numbers in the JSON answer, by path: <c>{ longest-gap-ms: 1000 }</c>. Dots lead inside.</summary>
    public ImmutableSortedDictionary<string, decimal> AtMost { get; init; } =
        ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>Least values of numbers in the JSON answer, by path. Dots lead inside.</summary>
    public ImmutableSortedDictionary<string, decimal> AtLeast { get; init; } =
        ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>A text that the body must contain.</summary>
    public string? Contains { get; init; }

    /// <summary>How long the answer may take, to the end of its body.</summary>
    public TimeSpan? Latency { get; init; }
}
