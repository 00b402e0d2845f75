using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>The inputs of <c>redis.replicate</c>.</summary>
public sealed record ReplicateInputs
{
    /// <summary>The server that is copied; the target must reach it at the connection's host and port.</summary>
    [Connection("redis")]
    public required string From { get; init; }

    /// <summary>The server that becomes its replica.</summary>
    [Connection("redis")]
    public required string To { get; init; }

    /// <summary>Whether keys that the target holds may be lost; then the change cannot be taken back. Default false: a target that holds keys is refused.</summary>
    public bool? DiscardTarget { get; init; }

    /// <summary>How long the first full copy may take. Default 30 minutes.</summary>
    public TimeSpan? AtMost { get; init; }

    /// <summary>The files by which the target trusts a source that speaks TLS and shows who it is itself. Default: those of the target's own configuration.</summary>
    public ReplicationTls? Tls { get; init; }
}

/// <summary>Files on the target's machine, absolute paths, PEM.</summary>
public sealed record ReplicationTls
{
    /// <summary>The authorities that may have signed the source's certificate (tls-ca-cert-file); the target judges its own clients by them too. Default: as the target is set.</summary>
    public string? Ca { get; init; }

    /// <summary>The target's certificate (tls-cert-file), which a server needs also to only ask another one. Default: as the target is set.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key (tls-key-file). Default: as the target is set.</summary>
    public string? Key { get; init; }
}

/// <summary>What <c>redis.replicate</c> sees.</summary>
public sealed record ReplicateState
{
    /// <summary>The source.</summary>
    public required ReplicationSource From { get; init; }

    /// <summary>The target.</summary>
    public required ReplicationTarget To { get; init; }
}

/// <summary>The server that is copied.</summary>
public sealed record ReplicationSource
{
    /// <summary>The id of its data's history (master_replid).</summary>
    public required string ReplicationId { get; init; }

    /// <summary><c>master</c> or <c>slave</c>, in the protocol's words.</summary>
    public required string Role { get; init; }

    /// <summary>Whether a cut-over fenced it off.</summary>
    public required bool IsFenced { get; init; }

    /// <summary>Its keys, all databases.</summary>
    public required long Keys { get; init; }

    /// <summary>The memory that it uses, in bytes.</summary>
    public required long UsedMemory { get; init; }
}

/// <summary>The server that copies.</summary>
public sealed record ReplicationTarget
{
    /// <summary><c>master</c> or <c>slave</c>, in the protocol's words.</summary>
    public required string Role { get; init; }

    /// <summary>Whom it copies, <c>HOST:PORT</c>; null when nobody.</summary>
    public string? Master { get; init; }

    /// <summary>The id of the history that it was promoted out of (master_replid2).</summary>
    public required string PromotedFrom { get; init; }

    /// <summary>Whether it was written to after it was promoted.</summary>
    public required bool WrittenSincePromotion { get; init; }

    /// <summary>Whether it is connected and its full copy is done.</summary>
    public required bool InSync { get; init; }

    /// <summary>How far it is behind the source, in bytes of the replication stream; 0 when it copies nobody.</summary>
    public required long Behind { get; init; }

    /// <summary>Its keys, all databases.</summary>
    public required long Keys { get; init; }

    /// <summary>Its limit of memory in bytes; 0: none.</summary>
    public required long MaxMemory { get; init; }

    /// <summary>What it does at the limit: <c>noeviction</c>, <c>allkeys-lru</c>.</summary>
    public required string MaxMemoryPolicy { get; init; }

    /// <summary>The user by which it enters the source; null: the default user.</summary>
    public string? MasterUser { get; init; }

    /// <summary>The password by which it enters the source; null: none.</summary>
    public Secret? MasterAuth { get; init; }

    /// <summary>Its settings of TLS; null: it was built without TLS.</summary>
    public TargetTls? Tls { get; init; }
}

/// <summary>How a server speaks TLS to the one that it copies.</summary>
public sealed record TargetTls
{
    /// <summary>Whether it does (tls-replication).</summary>
    public required bool Replication { get; init; }

    /// <summary>The authorities that it trusts (tls-ca-cert-file); empty: none.</summary>
    public required string Ca { get; init; }

    /// <summary>The folder of authorities that it trusts (tls-ca-cert-dir); empty: none.</summary>
    public required string CaFolder { get; init; }

    /// <summary>Its certificate (tls-cert-file); empty: none.</summary>
    public required string Certificate { get; init; }

    /// <summary>The certificate's key (tls-key-file); empty: none.</summary>
    public required string Key { get; init; }
}

[JsonSerializable(typeof(ReplicateInputs))]
[JsonSerializable(typeof(ReplicateState))]
internal sealed partial class ReplicateJson : JsonSerializerContext;
