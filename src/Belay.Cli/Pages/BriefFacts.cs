using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Boundaries;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Releases.Comparing;
using Belay.Releases.Merging;

namespace Belay.Cli.Pages;

/// <summary>A plan, for the brief.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Boundary">Its boundary.</param>
/// <param name="Time">What earlier runs took.</param>
internal sealed record BriefPlan(
    [property: JsonIgnore] Plan Plan,
    ImmutableArray<BoundaryLine> Boundary,
    [property: JsonIgnore] Forecast Time
);

/// <summary>An operator's file, merged for the brief only; nothing was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Conflicts">Its open conflicts.</param>
/// <param name="Placeholders">What would be left to be filled in.</param>
internal sealed record BriefMerge(
    string File,
    ImmutableArray<MergeConflict> Conflicts,
    ImmutableArray<LeftPlaceholder> Placeholders
);

/// <summary>All that the brief of a release is made from.</summary>
internal sealed record BriefFacts
{
    /// <summary>What the release means.</summary>
    public required ReleaseDiff Diff { get; init; }

    /// <summary>The operator's files.</summary>
    public ImmutableArray<BriefMerge> Merges { get; init; } = [];

    /// <summary>The plan; null when there is none yet.</summary>
    public BriefPlan? Plan { get; init; }

    /// <summary>What only a person can answer.</summary>
    public ImmutableArray<string> Questions => [.. BriefQuestions.Of(this)];
}
