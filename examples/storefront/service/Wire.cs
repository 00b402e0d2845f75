using System.Text.Json.Serialization;

namespace Storefront;

internal sealed record LoginRequest(string Customer);

internal sealed record OrderRequest(string Number, string Item, long Cents);

internal sealed record OrderAnswer(string Number, string Customer, string Item, long Cents, string? Currency);

internal sealed record Problem(string Error);

internal sealed record HealthAnswer(string Health, string Release);

/// <summary>What <c>GET /status</c> says. <c>Schema</c> and <c>Sessions</c> are null when their store gave no answer.</summary>
internal sealed record StatusAnswer
{
    public required string Release { get; init; }
    public required int? Schema { get; init; }
    public required int SchemaFrom { get; init; }
    public required int SchemaTo { get; init; }
    public required string Cache { get; init; }
    public required long? Sessions { get; init; }
    public required string Health { get; init; }
    public required int Pid { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(Session))]
internal sealed partial class Wire : JsonSerializerContext;
