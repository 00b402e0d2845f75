using System.Text.Json.Serialization;

namespace Belay.Releases.Merging;

/// <summary>Why a key cannot be merged without a person.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConflictKind>))]
public enum ConflictKind
{
    /// <summary>The operator and the new release changed it, differently.</summary>
    [JsonStringEnumMemberName("both-changed")]
    BothChanged,

    /// <summary>The operator and the new release added it, with different values.</summary>
    [JsonStringEnumMemberName("both-added")]
    BothAdded,

    /// <summary>The new release removed what the operator had changed.</summary>
    [JsonStringEnumMemberName("removed-in-new")]
    RemovedInNew,

    /// <summary>The operator removed what the new release changed.</summary>
    [JsonStringEnumMemberName("removed-by-operator")]
    RemovedByOperator,
}

/// <summary>Which side a conflict is settled for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Take>))]
public enum Take
{
    /// <summary>The operator's file, be it that the key is not in it.</summary>
    [JsonStringEnumMemberName("mine")]
    Mine,

    /// <summary>The new template, be it that the key is not in it.</summary>
    [JsonStringEnumMemberName("new")]
    New,

    /// <summary>Of a list: the elements of both.</summary>
    [JsonStringEnumMemberName("both")]
    Both,
}

/// <summary>A key on which the operator's file and the new template disagree.</summary>
public sealed record MergeConflict
{
    /// <summary>The way to it, names separated by dots; an element of a list is <c>[name]</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Why it is one.</summary>
    public required ConflictKind Kind { get; init; }

    /// <summary>What the old template has; null when it does not have the key.</summary>
    public string? Old { get; init; }

    /// <summary>What the operator's file has; null when it does not have the key. May be a secret.</summary>
    [JsonIgnore]
    public string? Mine { get; init; }

    /// <summary>What the new template has; null when it does not have the key.</summary>
    public string? New { get; init; }

    /// <summary>The line in the operator's file, from 1; null when the key is not there.</summary>
    public int? MineLine { get; init; }

    /// <summary>The line in the new template, from 1; null when the key is not there.</summary>
    public int? NewLine { get; init; }

    /// <summary>Both sides are lists, so that <see cref="Take.Both"/> can settle it.</summary>
    public required bool IsList { get; init; }

    /// <summary>A key of the new template that this one may be called now; null when none is alike.</summary>
    public string? PerhapsNow { get; init; }

    /// <summary>How it was settled; null: it is open.</summary>
    public Take? Settled { get; init; }
}

/// <summary>What became of a key without anybody being asked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoteKind>))]
public enum NoteKind
{
    /// <summary>The new release added it; it is in the result.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>The new release changed it; the operator had not, and the result has the new value.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>The new release removed it; the operator had not changed it, and the result does not have it.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>The operator changed it; the new release did not, and the result has the operator's value.</summary>
    [JsonStringEnumMemberName("kept")]
    Kept,

    /// <summary>The operator removed it; the new release did not change it, and the result does not have it.</summary>
    [JsonStringEnumMemberName("left-out")]
    LeftOut,

    /// <summary>Only the operator's file has it; the result has it too.</summary>
    [JsonStringEnumMemberName("own")]
    Own,
}

/// <summary>What became of a key, and why.</summary>
/// <param name="Key">The way to it.</param>
/// <param name="Kind">What became of it.</param>
public sealed record MergeNote(string Key, NoteKind Kind);
