using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>One resource that an operation reads or alters. The declaration must be true: lint, rehearsal and the boundary work from it.</summary>
/// <param name="Resource">The resource, <c>system:place/thing</c>: <c>haproxy:shop/web1</c>. Where the system has ids of its own, the id and never the name.</param>
/// <param name="Kind">What is done to it.</param>
public sealed record Touch(string Resource, TouchKind Kind)
{
    /// <summary>The schema versions that code started by this touch can live with; of a read: inside which alone the check holds. Null: the touch is not about schemas.</summary>
    public SchemaWindow? Schema { get; init; }

    /// <summary>The schema version that the store has once the touch is done; null: the touch leaves it as it is.</summary>
    public int? Reaches { get; init; }

    /// <summary>How many members of the resource's group stop serving while the touch lasts. Default 0.</summary>
    public int CapacityTaken { get; init; }

    /// <summary>Who writes to the resource from now on: a resource of kind store has one writer of record at any time.</summary>
    public string? Writer { get; init; }

    /// <summary>The store whose contents this one holds once the touch is done, and follows until it is routed to; null: none.</summary>
    public string? Copies { get; init; }

    /// <summary>Of a back-up: it is restored into a scratch place and compared before the step is done. Default false.</summary>
    public bool Proven { get; init; }

    /// <summary>Of a back-up: while it is restored nobody else can write to the resource; the restore itself sees to that. Default false.</summary>
    public bool ClosedWhileRestored { get; init; }

    /// <summary>Of a route away: the step ends only when nobody uses the resource any more. Default false: whoever still uses it is cut off by what comes next.</summary>
    public bool Drains { get; init; }

    /// <summary>Where the resource serves, <c>host:port</c>; resources that serve at one address are one member, whoever names them. Null: not known, and the last part of the name tells.</summary>
    public string? Address { get; init; }

    /// <summary>Of a read: what the check proves of the resource when it holds. Default nothing.</summary>
    public Proof Proves { get; init; }

    /// <summary>Other resources that this one depends on.</summary>
    public ImmutableArray<string> Uses
    {
        // A plan's text that leaves it out makes the record without its initializers.
        get => field.IsDefault ? [] : field;
        init;
    } = [];
}

/// <summary>A window of schema versions, both ends included; null is open.</summary>
public sealed record SchemaWindow(int? Least = null, int? Greatest = null);

/// <summary>What a check proves of a resource when it holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Proof>))]
public enum Proof
{
    /// <summary>Nothing that a plan relies on.</summary>
    [JsonStringEnumMemberName("nothing")]
    Nothing,

    /// <summary>It serves: it answers as it should.</summary>
    [JsonStringEnumMemberName("serves")]
    Serves,

    /// <summary>Nobody uses it: no connection, no session, no request over the time that was looked at.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>Its contents are those of <see cref="Touch.Copies"/>.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>Its schema lies inside <see cref="Touch.Schema"/>.</summary>
    [JsonStringEnumMemberName("schema")]
    Schema,
}

/// <summary>What is done to a resource.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TouchKind>))]
public enum TouchKind
{
    /// <summary>Only read.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Comes into being.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>Is altered in place.</summary>
    [JsonStringEnumMemberName("modify")]
    Modify,

    /// <summary>Gets another name.</summary>
    [JsonStringEnumMemberName("rename")]
    Rename,

    /// <summary>Begins to receive traffic.</summary>
    [JsonStringEnumMemberName("route-to")]
    RouteTo,

    /// <summary>Stops receiving new traffic.</summary>
    [JsonStringEnumMemberName("route-away")]
    RouteAway,

    /// <summary>Stops accepting writes.</summary>
    [JsonStringEnumMemberName("freeze")]
    Freeze,

    /// <summary>Accepts writes again.</summary>
    [JsonStringEnumMemberName("thaw")]
    Thaw,

    /// <summary>Is saved.</summary>
    [JsonStringEnumMemberName("back-up")]
    BackUp,

    /// <summary>Ends: whoever still uses it is cut off.</summary>
    [JsonStringEnumMemberName("destroy")]
    Destroy,
}
