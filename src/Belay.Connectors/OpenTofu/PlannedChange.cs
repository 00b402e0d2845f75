using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>One change of a saved plan: a resource or an output.</summary>
public sealed record PlannedChange
{
    /// <summary>The resource's address, such as <c>module.edge.aws_lb.shop[0]</c>; <c>output.NAME</c> for an output.</summary>
    public required string Address { get; init; }

    /// <summary>What will be done.</summary>
    public required PlannedAction Action { get; init; }

    /// <summary>The address under which the state holds it now; null: the same, or none.</summary>
    public string? From { get; init; }

    /// <summary>Why the tool replaces or deletes it, in the tool's words (<c>replace_because_tainted</c>); null: it does not say.</summary>
    public string? Reason { get; init; }

    /// <summary>The values that change, for people; sensitive ones and those known only afterwards without their value.</summary>
    public required string Words { get; init; }

    /// <summary>SHA-256 over all values before and after, sensitive ones too: tells this change from another one of the same resource.</summary>
    public required Secret Content { get; init; }

    /// <summary>Whether something that exists is lost, or no longer looked after.</summary>
    [JsonIgnore]
    public bool Loses =>
        Action
            is PlannedAction.Delete
                or PlannedAction.Replace
                or PlannedAction.ReplaceCreatingFirst
                or PlannedAction.Forget;
}

/// <summary>What a plan does to a resource.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlannedAction>))]
public enum PlannedAction
{
    /// <summary>It is made.</summary>
    [JsonStringEnumMemberName("create")]
    Create,

    /// <summary>It is altered in place.</summary>
    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>It is destroyed, and another one made in its place.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    /// <summary>Another one is made, and then it is destroyed.</summary>
    [JsonStringEnumMemberName("replace-creating-first")]
    ReplaceCreatingFirst,

    /// <summary>It is destroyed.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>It stays, and the state no longer knows it.</summary>
    [JsonStringEnumMemberName("forget")]
    Forget,

    /// <summary>The state knows it under another address; nothing happens to it.</summary>
    [JsonStringEnumMemberName("move")]
    Move,

    /// <summary>It exists already, and the state begins to know it.</summary>
    [JsonStringEnumMemberName("import")]
    Import,
}
