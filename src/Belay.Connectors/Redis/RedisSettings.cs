using System.Text.Json.Serialization;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>How to reach one Redis or Valkey server; the settings of a connection of kind <c>redis</c>.</summary>
public sealed record RedisSettings : IIdentified
{
    /// <summary>Its host name or address, as Belay and, for replication, the other server reach it.</summary>
    public required string Host { get; init; }

    /// <summary>Its port. Default 6379.</summary>
    public int? Port { get; init; }

    /// <summary>The ACL user. Default: the server's default user.</summary>
    public string? User { get; init; }

    /// <summary>The user's password. Default: none is sent.</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether to speak TLS. Default false.</summary>
    public bool? Tls { get; init; }

    /// <summary>A file (absolute path) with the certificate authorities in PEM form that may have signed the server's certificate. Default: the machine's.</summary>
    public string? TlsCa { get; init; }

    /// <summary>How long one answer may take. Default 10 seconds.</summary>
    public TimeSpan? AnswerWithin { get; init; }

    /// <summary>The kind of connection, for the list of connectors.</summary>
    public static ConnectionDefinition Connection { get; } =
        ConnectionDefinition.Of<RedisSettings>(options => new RedisSettingsJson(options));

    /// <inheritdoc/>
    /// <remarks>
    /// A node of a cluster keeps its id in its cluster file (https://redis.io/docs/latest/commands/cluster-myid). A server outside
    /// a cluster has none: <c>run_id</c> is new after each start, and <c>master_replid</c> is its master's.
    /// </remarks>
    public async ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct)
    {
        await using var client = await RedisClient.OpenAsync(this, clock, ct);
        var info = await ServerInfo.ReadAsync(client, ct, "cluster");
        return info.Number("cluster_enabled") == 1 ? (await client.CallAsync(ct, "CLUSTER", "MYID")).AsText() : null;
    }

    [JsonIgnore]
    internal int EffectivePort => Port ?? 6379;

    /// <summary><c>HOST:PORT</c>, for messages and endpoints.</summary>
    [JsonIgnore]
    internal string Address => $"{Host}:{EffectivePort}";
}

[JsonSerializable(typeof(RedisSettings))]
internal sealed partial class RedisSettingsJson : JsonSerializerContext;
