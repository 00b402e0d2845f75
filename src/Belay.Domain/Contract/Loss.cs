using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>What going back through a restore would lose.</summary>
public sealed record Loss
{
    /// <summary>How much was written since the backup; null when the store cannot tell.</summary>
    public long? Count { get; init; }

    /// <summary>What is counted, plural: <c>rows written</c>, <c>transactions</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The moment (UTC) that the backup holds.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The loss in one line.</summary>
    [JsonIgnore]
    public string Words =>
        Count is { } n ? $"{n} {Unit} since {Since:u}" : $"all {Unit} since {Since:u} (cannot be counted)";
}
