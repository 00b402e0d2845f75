using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>The inputs of <c>redis.cut-over</c>.</summary>
public sealed record CutOverInputs
{
    /// <summary>The server that accepts the writes until now.</summary>
    [Connection("redis")]
    public required string From { get; init; }

    /// <summary>Its replica, which accepts them from then on.</summary>
    [Connection("redis")]
    public required string To { get; init; }

    /// <summary>Where services read which server to use; of several places <c>switches</c>.</summary>
    public EndpointSwitch? Switch { get; init; }

    /// <summary>All places where services read which server to use, switched in this order; instead of <c>switch</c>.</summary>
    public ImmutableArray<EndpointSwitch> Switches { get; init; } = [];

    /// <summary>The longest freeze of writes: the server that is frozen ends it by itself then, whether or not Belay lives. Default 3 seconds, at least 500 milliseconds.</summary>
    public TimeSpan? AtMost { get; init; }

    [JsonIgnore]
    internal ImmutableArray<EndpointSwitch> AllSwitches => Switch is { } one ? [one] : Switches;
}

/// <summary>One line of a file that services read.</summary>
public sealed record EndpointSwitch
{
    /// <summary>The file of <c>KEY=VALUE</c> lines; a relative path begins at the plan's folder.</summary>
    public required string File { get; init; }

    /// <summary>The key whose value names the server.</summary>
    public required string Key { get; init; }

    /// <summary>The value that names the new server. Default: <c>HOST:PORT</c> of its connection.</summary>
    public string? Value { get; init; }

    /// <summary>A program and its arguments that make services read the file again, run after each switch of it, at most 30 seconds; it must do no harm when it is run again. Default: they see by themselves that it changed.</summary>
    public ImmutableArray<string> Reload { get; init; } = [];
}

/// <summary>What <c>redis.cut-over</c> sees.</summary>
public sealed record CutOverState
{
    /// <summary>The value in the services' file; of several files in the first.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The values in the other files, in the order of the plan.</summary>
    public ImmutableArray<string> OtherEndpoints { get; init; } = [];

    /// <summary>The files that this step switched and whose services it has not told yet (<c>reload</c>).</summary>
    public ImmutableArray<string> NotReloaded { get; init; } = [];

    /// <summary>The old server.</summary>
    public required OldServer From { get; init; }

    /// <summary>The new server.</summary>
    public required NewServer To { get; init; }

    /// <summary>How long writes were frozen by this step, in milliseconds, from the pause to the switched file; null when it was not measured (before, or after a crash in between).</summary>
    public long? FreezeMs { get; init; }

    [JsonIgnore]
    internal ImmutableArray<string> Endpoints => [Endpoint, .. OtherEndpoints];
}

/// <summary>The old server of a cut-over.</summary>
public sealed record OldServer
{
    /// <summary><c>master</c> or <c>slave</c>, in the protocol's words.</summary>
    public required string Role { get; init; }

    /// <summary>The id of its data's history (master_replid); a new one after every restart.</summary>
    public required string ReplicationId { get; init; }

    /// <summary>How many replicas it asks for before it accepts a write (min-replicas-to-write).</summary>
    public required int MinReplicas { get; init; }

    /// <summary>How old, in seconds, a replica's last word may be (min-replicas-max-lag).</summary>
    public required int MinReplicasMaxLag { get; init; }

    /// <summary>Its keys, all databases.</summary>
    public required long Keys { get; init; }

    /// <summary>The names of its modules.</summary>
    public required ImmutableArray<string> Modules { get; init; }
}

/// <summary>The new server of a cut-over.</summary>
public sealed record NewServer
{
    /// <summary>Whom it copies, <c>HOST:PORT</c>; null when nobody: it accepts writes.</summary>
    public string? Master { get; init; }

    /// <summary>The id of the history that it was promoted out of (master_replid2).</summary>
    public required string PromotedFrom { get; init; }

    /// <summary>Its keys, all databases.</summary>
    public required long Keys { get; init; }
}

[JsonSerializable(typeof(CutOverInputs))]
[JsonSerializable(typeof(CutOverState))]
[JsonSerializable(typeof(CutOverCheckpoint))]
internal sealed partial class CutOverJson : JsonSerializerContext;

/// <summary>What a cut-over remembers of itself.</summary>
internal sealed record CutOverCheckpoint
{
    /// <summary>How long writes were frozen, in milliseconds.</summary>
    public required long FreezeMs { get; init; }
}
