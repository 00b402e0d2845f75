using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Bench.Contenders;

/// <summary>What can be asked of a contender; each with a number of steps.</summary>
internal static class Shape
{
    /// <summary>No-op steps one after the other.</summary>
    public const string Sequential = "sequential";

    /// <summary>No-op steps all at once.</summary>
    public const string Parallel = "parallel";

    /// <summary>Two flushed lines a step.</summary>
    public const string BareSequential = "bare-sequential";

    /// <summary>Two lines a step, flushed together.</summary>
    public const string BareParallel = "bare-parallel";

    /// <summary>From the plan file to the tree.</summary>
    public const string Read = "read";

    /// <summary>From the tree to the findings.</summary>
    public const string Lint = "lint";
}

/// <summary>A contender can be asked now.</summary>
internal sealed record Ready
{
    /// <summary>The processes that make its steps durable.</summary>
    public ImmutableArray<int> Pids { get; init; } = [];
}

/// <summary>What a contender measured.</summary>
internal sealed record Answer
{
    /// <summary>The whole time.</summary>
    public double Milliseconds { get; init; }

    /// <summary>The size of the journal; null for contenders without one.</summary>
    public long? JournalBytes { get; init; }

    /// <summary>The greatest resident set of the contender's process so far; null when it was not asked for.</summary>
    public long? PeakMemoryKilobytes { get; init; }

    /// <summary>Why there is no measurement; null when there is one.</summary>
    public string? Error { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Ready))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
