using System.Collections.Immutable;

namespace Belay.Releases.Paths;

/// <summary>What became of the search of a path. A closed hierarchy.</summary>
public abstract record PathAnswer
{
    private PathAnswer() { }

    /// <summary>A path with the fewest steps.</summary>
    /// <param name="Stages">The steps in their order; those of one stage may run at the same time, in any order.</param>
    public sealed record Found(ImmutableArray<ImmutableArray<PathStep>> Stages) : PathAnswer
    {
        /// <summary>How many steps there are.</summary>
        public int Steps => Stages.Sum(stage => stage.Length);
    }

    /// <summary>There is no path: these statements contradict each other, and without any one of them the others do not.</summary>
    /// <param name="Statements">What contradicts, in the order needs, ways to move, wishes.</param>
    public sealed record None(ImmutableArray<Statement> Statements) : PathAnswer;

    /// <summary>Nobody knows: there are more ways than are tried.</summary>
    /// <param name="Why">What there is too much of.</param>
    public sealed record GaveUp(string Why) : PathAnswer;
}

/// <summary>One component moves.</summary>
/// <param name="Component">Which.</param>
/// <param name="From">Its version before; null: it was not there.</param>
/// <param name="To">Its version afterwards.</param>
public sealed record PathStep(string Component, string? From, string To);
