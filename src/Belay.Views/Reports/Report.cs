using System.Collections.Immutable;

namespace Belay.Views.Reports;

/// <summary>What a report says, before it is HTML or Markdown.</summary>
public sealed record Report
{
    /// <summary>What kind of page it is, in two words.</summary>
    public required string Kind { get; init; }

    /// <summary>What the run was to do, and how it stands, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>How the run stands, in words.</summary>
    public required string Status { get; init; }

    /// <summary>Whether that is good.</summary>
    public required Tone Tone { get; init; }

    /// <summary>What happened, in a sentence or two.</summary>
    public required string Lead { get; init; }

    /// <summary>The sections, in the order in which they are read.</summary>
    public required ImmutableArray<Section> Sections { get; init; }
}

/// <summary>A part of a report under a heading of its own.</summary>
/// <param name="Id">The anchor.</param>
/// <param name="Heading">The heading.</param>
/// <param name="Blocks">What stands in it; never empty.</param>
public sealed record Section(string Id, string Heading, ImmutableArray<Block> Blocks);
