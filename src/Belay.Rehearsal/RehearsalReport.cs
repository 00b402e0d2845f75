using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal;

/// <summary>What a rehearsal found.</summary>
public sealed record RehearsalReport
{
    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether stories with two faults were played.</summary>
    public required bool Pairs { get; init; }

    /// <summary>What was violated, each with the shortest story that leads to it; empty: nothing was.</summary>
    public required ImmutableArray<ToldStory> Violations { get; init; }

    /// <summary>How many stories were played.</summary>
    public required int Stories { get; init; }

    /// <summary>How many, by what went wrong in them.</summary>
    public required ImmutableSortedDictionary<string, int> Kinds { get; init; }

    /// <summary>How many were not gone on with because another story had led to the same state.</summary>
    public required int Folded { get; init; }

    /// <summary>The world as the plan's touches tell it, a line each.</summary>
    public required ImmutableArray<string> World { get; init; }

    /// <summary>What the world does not know of the plan's operations, a line each.</summary>
    public required ImmutableArray<string> NotRehearsed { get; init; }
}

/// <summary>A story, told.</summary>
public sealed record ToldStory
{
    /// <summary>Its id: what <c>belay rehearse --story</c> takes.</summary>
    public required string Story { get; init; }

    /// <summary>What is violated in it; null: nothing.</summary>
    public Violation? Violation { get; init; }

    /// <summary>How it ends.</summary>
    public required string Ending { get; init; }

    /// <summary>What happens, in order.</summary>
    public required ImmutableArray<StoryLine> Lines { get; init; }
}

/// <summary>One thing that happens in a story.</summary>
/// <param name="Step">The step; null: none.</param>
/// <param name="Source">Where it stands in the plan; null when it is not known.</param>
/// <param name="Words">What happens.</param>
public sealed record StoryLine(string? Step, SourcePosition? Source, string Words);
