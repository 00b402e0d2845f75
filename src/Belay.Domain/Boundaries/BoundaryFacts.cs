using Belay.Domain.Readings;

namespace Belay.Domain.Boundaries;

/// <summary>What is known beyond the plan: it makes the words of a boundary exact.</summary>
public sealed record BoundaryFacts
{
    /// <summary>Nothing is known but the plan.</summary>
    public static BoundaryFacts None { get; } = new();

    /// <summary>The moment (UTC) that the backup of a step holds, by the step's id in the plan; null: it was not made yet.</summary>
    public Func<string, DateTimeOffset?> TakenAt { get; init; } = _ => null;

    /// <summary>How long it takes to take a step back, by the step's id in the plan; null: it was never measured.</summary>
    public Func<string, Measured?> TakesBack { get; init; } = _ => null;

    /// <summary>What the journal of a run tells.</summary>
    public static BoundaryFacts Of(RunReading reading) => new() { TakenAt = step => BackupTime.Of(reading, step) };
}

/// <summary>A duration from earlier runs.</summary>
/// <param name="Typical">The median.</param>
/// <param name="Runs">On how many runs it was measured, at least 1.</param>
public sealed record Measured(TimeSpan Typical, int Runs);
