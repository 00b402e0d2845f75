using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Ssh;

/// <summary>A server; the settings of a connection of kind <c>ssh</c>.</summary>
public sealed record SshSettings : IIdentified
{
    /// <summary>Its name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port. Default 22.</summary>
    public int Port { get; init; } = 22;

    /// <summary>The user there.</summary>
    public required string User { get; init; }

    /// <summary>The file (absolute path) with the private key. Default: the keys that an agent holds.</summary>
    public string? Key { get; init; }

    /// <summary>The file (absolute path) with the server's public key, as <c>known_hosts</c> has it. A server that shows another one is not talked to.</summary>
    public required string KnownHosts { get; init; }

    /// <summary>A server to go through first, <c>USER@HOST[:PORT]</c>; its key must stand in the same file. Default: none.</summary>
    public string? Through { get; init; }

    /// <summary>How long connecting may take. Default 10 seconds.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    /// <remarks>The fingerprint of the host key with which the server proves itself (RFC 4253, section 8): the one that stands in <c>known-hosts</c> and is answered with now.</remarks>
    public ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) =>
        HostKey.ReadAsync(this, clock, ct);
}

[JsonSerializable(typeof(SshSettings))]
[JsonSerializable(typeof(RemoteFileInputs))]
[JsonSerializable(typeof(RemoteFileState))]
[JsonSerializable(typeof(SameFilesInputs))]
[JsonSerializable(typeof(SameFilesState))]
internal sealed partial class SshJson : JsonSerializerContext;
