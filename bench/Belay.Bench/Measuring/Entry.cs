using Belay.Bench.Contenders;

namespace Belay.Bench.Measuring;

/// <summary>One line of a measurement: who does what, how often.</summary>
/// <param name="Contender">Who.</param>
/// <param name="Label">What the table calls it.</param>
/// <param name="Shape">What is asked; see <see cref="Contenders.Shape"/>.</param>
/// <param name="Steps">How many steps a round.</param>
/// <param name="Most">The greatest number of rounds: what is slow takes part in fewer.</param>
internal sealed record Entry(IContender Contender, string Label, string Shape, int Steps, int Most = int.MaxValue);

/// <summary>What the rounds of an entry gave.</summary>
internal sealed record Measured
{
    /// <summary>The entry.</summary>
    public required Entry Entry { get; init; }

    /// <summary>Milliseconds a step, one number a round, sorted.</summary>
    public required IReadOnlyList<double> PerStep { get; init; }

    /// <summary>The last round's answer.</summary>
    public required Answer Last { get; init; }

    /// <summary>Flushes a step; null when they were not counted.</summary>
    public double? FlushesPerStep { get; init; }

    /// <summary>The median of <see cref="PerStep"/>; of an even number the lower one of the middle two.</summary>
    public double Median => PerStep[(PerStep.Count - 1) / 2];
}
