using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Json;

namespace Belay.Domain.Plans;

/// <summary>The plan tree as JSON, and its hash.</summary>
public static class PlanJson
{
    private static readonly PlanContext Context = new(BelayJson.NewOptions());

    /// <summary>The normalised tree.</summary>
    public static byte[] Write(Plan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, Context.Plan);

    /// <summary>The tree back from its JSON, without positions.</summary>
    /// <exception cref="JsonException">It is no plan tree.</exception>
    public static Plan Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Context.Plan) ?? throw new JsonException("the plan is null");

    /// <summary>One item as JSON, its children left out: equal texts mean that the item itself did not change.</summary>
    public static string WriteAlone(Item item) =>
        JsonSerializer.Serialize(
            item switch
            {
                PhaseItem group => group with { Steps = [] },
                ParallelItem group => group with { Steps = [] },
                EachItem group => group with { Steps = [] },
                DuringItem group => group with { Steps = [] },
                _ => item,
            },
            Context.Item
        );

    /// <summary>The hash that an approval covers: SHA-256 of the normalised tree with every file it uses, lower-case hex.</summary>
    public static string Hash(Plan plan) => Convert.ToHexStringLower(SHA256.HashData(Write(plan)));
}

[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Item))]
internal sealed partial class PlanContext : JsonSerializerContext;
