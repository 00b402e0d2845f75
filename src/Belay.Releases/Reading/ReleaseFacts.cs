using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Releases.Reading;

/// <summary>What a release folder says, found by what its files hold.</summary>
public sealed record ReleaseFacts
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Container images.</summary>
    public ImmutableArray<ImageFact> Images { get; init; } = [];

    /// <summary>Files of values with their defaults: of charts, of infrastructure, and others.</summary>
    public ImmutableArray<SettingsFile> Settings { get; init; } = [];

    /// <summary>Variables that the infrastructure declares.</summary>
    public ImmutableArray<VariableFact> Variables { get; init; } = [];

    /// <summary>Resources of the infrastructure, and of Kubernetes.</summary>
    public ImmutableArray<ResourceFact> Resources { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public ImmutableArray<EnvironmentFact> Environment { get; init; } = [];

    /// <summary>Numbered migrations.</summary>
    public ImmutableArray<MigrationFact> Migrations { get; init; } = [];

    /// <summary>Versions of tools that the release demands.</summary>
    public ImmutableArray<ToolFact> Tools { get; init; } = [];

    /// <summary>Charts and their versions.</summary>
    public ImmutableArray<ChartFact> Charts { get; init; } = [];

    /// <summary>Entries of changelogs.</summary>
    public ImmutableArray<ChangelogEntry> Changelog { get; init; } = [];

    /// <summary>What was left out, and why.</summary>
    public ImmutableArray<ReleaseProblem> Notices { get; init; } = [];

    /// <summary>Nothing of a release was found.</summary>
    [JsonIgnore]
    public bool IsEmpty =>
        Images.IsEmpty
        && Settings.IsEmpty
        && Variables.IsEmpty
        && Resources.IsEmpty
        && Environment.IsEmpty
        && Migrations.IsEmpty
        && Charts.IsEmpty
        && Changelog.IsEmpty;
}

/// <summary>A container image.</summary>
/// <param name="Name">Registry and repository.</param>
/// <param name="Tag">Its tag; null when none is named.</param>
/// <param name="Digest">Its digest; null when none is named.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record ImageFact(string Name, string? Tag, string? Digest, string Place);

/// <summary>A file of values.</summary>
/// <param name="File">Its path in the release.</param>
/// <param name="Values">Its single values.</param>
public sealed record SettingsFile(string File, ImmutableArray<SettingFact> Values);

/// <summary>A value with its default.</summary>
/// <param name="Key">The way to it.</param>
/// <param name="Value">As it is written; null when it may be a secret.</param>
/// <param name="Meaning">What a program reads in it, for comparison only.</param>
/// <param name="IsPlaceholder">A person has to fill it in.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record SettingFact(
    string Key,
    string? Value,
    [property: JsonIgnore] string Meaning,
    bool IsPlaceholder,
    string Place
);

/// <summary>A variable of the infrastructure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as it is written; null when none is.</param>
/// <param name="Default">Its default as it is written; null: it is required.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record VariableFact(string Name, string? Type, string? Default, string Place);

/// <summary>A resource that the release declares.</summary>
/// <param name="Id">Its type and name.</param>
/// <param name="IsActive">False in a file that the tool does not read by its name, such as <c>cache.tf.off</c>.</param>
/// <param name="MovedFrom">What it was called before, as a <c>moved</c> block says; null: none does.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record ResourceFact(string Id, bool IsActive, string? MovedFrom, string Place);

/// <summary>An environment variable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its default; null when it has none, or may be a secret.</param>
/// <param name="IsRequired">It has no default, or a placeholder for one.</param>
/// <param name="Meaning">Its default, for comparison only.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record EnvironmentFact(
    string Name,
    string? Default,
    bool IsRequired,
    [property: JsonIgnore] string Meaning,
    string Place
);

/// <summary>What a migration does to those who still run the old release.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MigrationNature>))]
public enum MigrationNature
{
    /// <summary>It only adds: the old release can go on.</summary>
    [JsonStringEnumMemberName("expands")]
    Expands,

    /// <summary>It writes data.</summary>
    [JsonStringEnumMemberName("writes-data")]
    WritesData,

    /// <summary>Something in it cannot be told.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It takes away or narrows what the old release may use.</summary>
    [JsonStringEnumMemberName("contracts")]
    Contracts,
}

/// <summary>A numbered migration.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Nature">What it does.</param>
/// <param name="Reasons">The statements that make it more than an expansion, with their lines.</param>
/// <param name="HasWayBack">A file beside it takes it back.</param>
/// <param name="Hash">SHA-256 of its text, lower-case hex.</param>
/// <param name="Place">Where it lies.</param>
public sealed record MigrationFact(
    long Number,
    string Name,
    MigrationNature Nature,
    ImmutableArray<string> Reasons,
    bool HasWayBack,
    string Hash,
    string Place
);

/// <summary>A version of a tool that the release demands.</summary>
/// <param name="Tool">The tool: <c>kubernetes</c>, <c>terraform</c>, <c>node</c>, a provider.</param>
/// <param name="Range">What versions will do.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record ToolFact(string Tool, string Range, string Place);

/// <summary>A chart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="AppVersion">The version of what it installs; null when it says none.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record ChartFact(string Name, string Version, string? AppVersion, string Place);

/// <summary>An entry of a changelog.</summary>
/// <param name="Version">Under which version it stands.</param>
/// <param name="Section">Under which heading: Added, Changed, Removed ...</param>
/// <param name="Text">What it says, in one line.</param>
/// <param name="Place">Where it stands, <c>file:line</c>.</param>
public sealed record ChangelogEntry(string Version, string Section, string Text, string Place);
