using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Oci;

/// <summary>A registry of container images; the settings of a connection of kind <c>oci</c>.</summary>
public sealed record OciSettings
{
    /// <summary>Where it answers, <c>https://HOST[:PORT]</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The user. Default: nobody, as for public images.</summary>
    public string? User { get; init; }

    /// <summary>The user's password, or the token that stands for one.</summary>
    public Secret? Password { get; init; }

    /// <summary>A file (absolute path) with the certificate authorities, PEM, that may have signed its certificate. Default: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long one answer may take. Default 30 seconds.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);
}

[JsonSerializable(typeof(OciSettings))]
[JsonSerializable(typeof(ImagesInputs))]
[JsonSerializable(typeof(ImagesState))]
internal sealed partial class OciJson : JsonSerializerContext;
