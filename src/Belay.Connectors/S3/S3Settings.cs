using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>One bucket of an S3 service; the settings of a connection of kind <c>s3</c>.</summary>
public sealed record S3Settings : IIdentified
{
    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The region in which it lies. Default <c>us-east-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Where the service answers, <c>https://HOST[:PORT]</c>; buckets are then named in the path. Default: Amazon's own, with the bucket in the host's name.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The id of the access key.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The access key itself.</summary>
    public required Secret SecretAccessKey { get; init; }

    /// <summary>The token of temporary credentials. Default: none is sent.</summary>
    public Secret? SessionToken { get; init; }

    /// <summary>How long one answer may take. Default 1 minute.</summary>
    public TimeSpan? AnswerWithin { get; init; }

    /// <inheritdoc/>
    public ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) =>
        BucketIdentity.ReadAsync(this, clock, ct);

    [JsonIgnore]
    internal string EffectiveRegion => Region ?? "us-east-1";

    /// <summary>The bucket's own address, without a slash at its end.</summary>
    [JsonIgnore]
    internal string Root =>
        Endpoint is { } endpoint
            ? $"{endpoint.TrimEnd('/')}/{Bucket}"
            : $"https://{Bucket}.s3.{EffectiveRegion}.amazonaws.com";

    /// <summary>The service's own address, without a slash at its end.</summary>
    [JsonIgnore]
    internal string Service => Endpoint?.TrimEnd('/') ?? $"https://s3.{EffectiveRegion}.amazonaws.com";

    /// <summary>Whether it is Amazon's own service, on which no two buckets have the same name.</summary>
    [JsonIgnore]
    internal bool IsAmazon =>
        Endpoint is not { } endpoint
        || (
            Uri.TryCreate(endpoint, UriKind.Absolute, out var url)
            && url.IdnHost.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether one request can copy from the other bucket to this one: the same service knows the same key.</summary>
    internal bool CanCopyFrom(S3Settings other) => Endpoint == other.Endpoint && AccessKeyId == other.AccessKeyId;
}

[JsonSerializable(typeof(S3Settings))]
internal sealed partial class S3SettingsJson : JsonSerializerContext;
