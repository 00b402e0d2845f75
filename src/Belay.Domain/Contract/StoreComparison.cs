using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Json;

namespace Belay.Domain.Contract;

/// <summary>A state that tells what two stores hold; reports show it as a table.</summary>
/// <remarks>In the journal it is the member <c>comparison</c> of the state; that is all that readers of the journal know of it.</remarks>
public interface ICompared
{
    /// <summary>What was compared; null: nothing was.</summary>
    StoreComparison? Comparison { get; }
}

/// <summary>What two stores hold, part by part: tables, collections, buckets.</summary>
public sealed record StoreComparison
{
    private static readonly JsonTypeInfo<StoreComparison> Shape = WholeValues.Shape<StoreComparison>(
        new StoreComparisonJson(BelayJson.NewOptions()),
        BelayJson.NewOptions()
    );

    /// <summary>The store whose contents are expected, as the plan names it.</summary>
    public required string From { get; init; }

    /// <summary>The store that must hold them, as the plan names it.</summary>
    public required string To { get; init; }

    /// <summary>The parts, in the order in which they are to be read.</summary>
    public required ImmutableArray<ComparedPart> Parts { get; init; }

    /// <summary>The comparison in a journaled state; null when it holds none that can be read.</summary>
    public static StoreComparison? In(JsonElement? state)
    {
        if (state is not { ValueKind: JsonValueKind.Object } all || !all.TryGetProperty("comparison", out var found))
            return null;
        try
        {
            return found.Deserialize(Shape);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One part of two stores.</summary>
public sealed record ComparedPart
{
    /// <summary>Its name: a table with its schema, a collection, a prefix.</summary>
    public required string Name { get; init; }

    /// <summary>What is counted, plural: <c>rows</c>, <c>documents</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>How many the first store has. Where it is written to meanwhile, both counts are of about the same moment.</summary>
    public required long InFrom { get; init; }

    /// <summary>How many the second store has.</summary>
    public required long InTo { get; init; }

    /// <summary>How many were compared one by one.</summary>
    public required long Compared { get; init; }

    /// <summary>Whether only a sample was compared.</summary>
    public required bool IsSample { get; init; }

    /// <summary>How many differ, those that only one store has included.</summary>
    public required long Differing { get; init; }

    /// <summary>The first few that differ: a key, or a sentence.</summary>
    public required ImmutableArray<string> Examples { get; init; }

    /// <summary>What was restored from a backup and found to be all that was saved: each part is the same on both sides.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="count">How many were saved, and found again.</param>
    public static ComparedPart Alike(string name, string unit, long count) =>
        new()
        {
            Name = name,
            Unit = unit,
            InFrom = count,
            InTo = count,
            Compared = count,
            IsSample = false,
            Differing = 0,
            Examples = [],
        };
}

[JsonSerializable(typeof(StoreComparison))]
internal sealed partial class StoreComparisonJson : JsonSerializerContext;
