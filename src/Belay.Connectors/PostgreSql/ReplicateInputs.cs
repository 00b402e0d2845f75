using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>What is replicated into what.</summary>
public sealed record ReplicateInputs
{
    /// <summary>The database that is in use; the target's server must reach it at the connection's host and port.</summary>
    [Connection("postgresql")]
    public required string From { get; init; }

    /// <summary>The empty database that becomes its copy. From then on it admits no sessions but those of superusers, until a switch-over opens it.</summary>
    [Connection("postgresql")]
    public required string To { get; init; }

    /// <summary>What may stay behind though it is not replicated: unlogged tables by name (<c>public.cache</c>), <c>large objects</c>. Default nothing.</summary>
    public ImmutableArray<string> LeaveBehind { get; init; } = [];

    /// <summary>How far behind the copy may be, in bytes of the write-ahead log, for the step to be done; where more is written at once, it has to come within 15 seconds to where the source was. Default 1 MiB.</summary>
    public long Lag { get; init; } = 1024 * 1024;

    /// <summary>How long copying and catching up may take. Default 12 hours; the step's own <c>limit</c> holds too.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>How far a copy is.</summary>
public sealed record ReplicateState
{
    /// <summary>The database that is copied.</summary>
    public required PublisherState From { get; init; }

    /// <summary>The copy.</summary>
    public required SubscriberState To { get; init; }

    /// <summary>How far the copy is behind, in bytes of the write-ahead log; null while it does not replicate.</summary>
    public long? Behind { get; init; }

    /// <summary>Whether all tables follow, and the copy is no further behind than allowed, or soon was where the source was when it was looked at.</summary>
    public bool KeepsUp { get; init; }

    /// <summary>Whether a switch-over led the writes from the source to the copy: then the copy is ahead, and the source follows it.</summary>
    public required bool Switched { get; init; }

    /// <summary>What stops the replication; null: nothing, or it stands already.</summary>
    public string? Refusal { get; init; }
}

/// <summary>The source of a copy.</summary>
public sealed record PublisherState
{
    /// <summary>Whether it publishes its tables for the move.</summary>
    public required bool Publishes { get; init; }

    /// <summary>Whether it keeps its write-ahead log for the copy.</summary>
    public required bool Keeps { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }
}

/// <summary>A copy.</summary>
public sealed record SubscriberState
{
    /// <summary>Whether it is subscribed to the source.</summary>
    public required bool Subscribed { get; init; }

    /// <summary>Whether the subscription is at work.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Tables that are copied and follow.</summary>
    public required int TablesReady { get; init; }

    /// <summary>Tables that it is to copy.</summary>
    public required int Tables { get; init; }

    /// <summary>Materialized views that are not filled yet.</summary>
    public required int EmptyViews { get; init; }

    /// <summary>What stands in the database, a few names; empty when there is nothing.</summary>
    public required ImmutableArray<string> Contents { get; init; }

    /// <summary>How many sessions it admits (<c>datconnlimit</c>): -1 any number, 0 none but those of superusers.</summary>
    public required int Admits { get; init; }

    /// <summary>Its extensions.</summary>
    public required ImmutableArray<string> Extensions { get; init; }

    /// <summary>The statements that give the schema <c>public</c> its owner and grants as they were.</summary>
    public required ImmutableArray<string> PublicSchema { get; init; }
}

[JsonSerializable(typeof(ReplicateInputs))]
[JsonSerializable(typeof(ReplicateState))]
internal sealed partial class ReplicateContext : JsonSerializerContext;
