using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>What part of a release a change is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReleaseArea>))]
public enum ReleaseArea
{
    /// <summary>Charts and the charts that they are made of.</summary>
    [JsonStringEnumMemberName("charts")]
    Charts,

    /// <summary>Container images.</summary>
    [JsonStringEnumMemberName("images")]
    Images,

    /// <summary>Values of charts and other files of defaults.</summary>
    [JsonStringEnumMemberName("values")]
    Values,

    /// <summary>Variables of the infrastructure.</summary>
    [JsonStringEnumMemberName("variables")]
    Variables,

    /// <summary>Resources.</summary>
    [JsonStringEnumMemberName("resources")]
    Resources,

    /// <summary>Environment variables.</summary>
    [JsonStringEnumMemberName("environment")]
    Environment,

    /// <summary>Migrations of databases.</summary>
    [JsonStringEnumMemberName("migrations")]
    Migrations,

    /// <summary>Versions of tools.</summary>
    [JsonStringEnumMemberName("tools")]
    Tools,

    /// <summary>What the changelog says.</summary>
    [JsonStringEnumMemberName("changelog")]
    Changelog,
}

/// <summary>What happened to a thing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>Only the new release has it.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>Only the old release has it.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>It has another name, by likeness or because the release says so.</summary>
    [JsonStringEnumMemberName("renamed")]
    Renamed,

    /// <summary>Both have it, differently.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>Both have it, and it is worth saying.</summary>
    [JsonStringEnumMemberName("same")]
    Same,
}

/// <summary>How much a change asks of a person.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Weight>))]
public enum Weight
{
    /// <summary>Good to know.</summary>
    [JsonStringEnumMemberName("know")]
    Know,

    /// <summary>Somebody should look whether it matters here.</summary>
    [JsonStringEnumMemberName("look")]
    Look,

    /// <summary>Something must be done, or the upgrade will fail or destroy something.</summary>
    [JsonStringEnumMemberName("act")]
    Act,
}

/// <summary>One difference between two releases.</summary>
public sealed record ReleaseChange
{
    /// <summary>What part of the release it is about.</summary>
    public required ReleaseArea Area { get; init; }

    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>To what; of a renamed thing its new name.</summary>
    public required string Name { get; init; }

    /// <summary>What the old release has; null when it has nothing, or it may be a secret.</summary>
    public string? Old { get; init; }

    /// <summary>What the new release has; null when it has nothing, or it may be a secret.</summary>
    public string? New { get; init; }

    /// <summary>How much it asks of a person.</summary>
    public Weight Weight { get; init; }

    /// <summary>What it means; null when the rest says it.</summary>
    public string? Meaning { get; init; }

    /// <summary>It cannot be taken back, or not without a restore.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Where it stands, <c>file:line</c>: in the new release, or, when it is gone, in the old one.</summary>
    public required string Place { get; init; }
}

/// <summary>What a new release means.</summary>
public sealed record ReleaseDiff
{
    /// <summary>The old release's folder.</summary>
    public required string Old { get; init; }

    /// <summary>The new release's folder.</summary>
    public required string New { get; init; }

    /// <summary>The differences, by area.</summary>
    public required ImmutableArray<ReleaseChange> Changes { get; init; }

    /// <summary>What was left out of either folder, and what looks as if it were missing.</summary>
    public required ImmutableArray<ReleaseProblem> Notices { get; init; }
}
