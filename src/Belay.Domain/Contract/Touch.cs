using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>One resource that an operation reads or alters. The declaration must be true: lint, rehearsal and the boundary work from it.</summary>
/// <param name="Resource">The resource, <c>system:place/thing</c>: <c>haproxy:shop/web1</c>. Where the system has ids of its own, the id and never the name.</param>
/// <param name="Kind">What is done to it.</param>
public sealed record Touch(string Resource, TouchKind Kind)
{
    /// <summary>The least and the greatest schema version that code started by this touch can live with; null when it needs none.</summary>
    public SchemaWindow? Schema { get; init; }

    /// <summary>How many members of the resource's group stop serving while the touch lasts. Default 0.</summary>
    public int CapacityTaken { get; init; }

    /// <summary>Who writes to the resource from now on: a resource of kind store has one writer of record at any time.</summary>
    public string? Writer { get; init; }

    /// <summary>Other resources that this one depends on.</summary>
    public ImmutableArray<string> Uses { get; init; } = [];
}

/// <summary>A window of schema versions, both ends included; null is open.</summary>
public sealed record SchemaWindow(int? Least = null, int? Greatest = null);

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

    /// <summary>Ends for good.</summary>
    [JsonStringEnumMemberName("destroy")]
    Destroy,
}
