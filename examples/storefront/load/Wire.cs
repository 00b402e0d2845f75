using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Storefront.Load;

/// <summary>What <c>GET /report</c> and <c>POST /stop</c> say.</summary>
internal sealed record LoadReport
{
    public required long Sent { get; init; }

    /// <summary>Answers that were not the expected one, and requests without an answer. None is sent again.</summary>
    public required long Failed { get; init; }

    /// <summary>Orders that the shop acknowledged.</summary>
    public required long Orders { get; init; }

    /// <summary>Successful answers a second.</summary>
    public required double Rate { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The longest time in which no user at all got a successful answer.</summary>
    public required double LongestGapMs { get; init; }

    public required DateTimeOffset LongestGapAt { get; init; }

    [JsonPropertyName("p50-ms")]
    public required double P50Ms { get; init; }

    [JsonPropertyName("p99-ms")]
    public required double P99Ms { get; init; }

    public required double MaxMs { get; init; }

    /// <summary>The first failures, with their time.</summary>
    public required ImmutableArray<string> Failures { get; init; }
}

/// <summary>What <c>GET /audit</c> says.</summary>
internal sealed record AuditReport
{
    public required int SessionsExpected { get; init; }

    /// <summary>Sessions that are gone, or that say something else than before.</summary>
    public required int SessionsLost { get; init; }

    public required int OrdersAcknowledged { get; init; }

    /// <summary>Acknowledged orders that are gone, or that say something else than was ordered.</summary>
    public required int OrdersLost { get; init; }

    /// <summary>The first few things that were lost.</summary>
    public required ImmutableArray<string> Lost { get; init; }
}

internal sealed record LoginRequest(string Customer);

internal sealed record OrderRequest(string Number, string Item, long Cents);

internal sealed record OrderAnswer(string Number, string Customer, string Item, long Cents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(SeededSession))]
internal sealed partial class Wire : JsonSerializerContext;
