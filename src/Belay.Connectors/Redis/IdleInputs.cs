using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>The inputs of <c>redis.idle</c>.</summary>
public sealed record IdleInputs
{
    /// <summary>The server.</summary>
    [Connection("redis")]
    public required string Connection { get; init; }

    /// <summary>How long one look at it takes. Default 10 seconds.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>
    /// A business cycle: how much time without any use must have been watched. The check is then asked again and again
    /// (<c>within</c>, <c>every</c>: at most a minute between two looks); one use fails it, and it begins anew. Time in which
    /// nobody looked does not count, and what was counted survives a restart of Belay. Default: one look is enough.
    /// </summary>
    public TimeSpan? Over { get; init; }
}

/// <summary>Who used the server while it was watched.</summary>
public sealed record IdleState
{
    /// <summary>How long the look took.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>How much time without any use was watched so far by this step, this look included; null when no cycle was asked for.</summary>
    public TimeSpan? Watched { get; init; }

    /// <summary>Clients connected at the begin or at the end, by address and name; replicas, the master and this check left out.</summary>
    public required ImmutableArray<string> Clients { get; init; }

    /// <summary>Commands that ran meanwhile, and with a cycle since the look before, how often each; replication's and this check's left out.</summary>
    public required ImmutableSortedDictionary<string, long> Commands { get; init; }
}

[JsonSerializable(typeof(IdleInputs))]
[JsonSerializable(typeof(IdleState))]
[JsonSerializable(typeof(IdleNote))]
internal sealed partial class IdleJson : JsonSerializerContext;
