using Belay.Domain.Journal;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Something after which nothing new may start.</summary>
/// <param name="Cause">As a halt names it.</param>
/// <param name="Step">The step that it is about; null: none.</param>
/// <param name="Why">The words; null: they are not foretold.</param>
/// <param name="At">When it came up, by the clock that nobody can set.</param>
/// <param name="Suffix">The member of a loop whose own affair it is; empty: it concerns the whole run.</param>
internal sealed record Reason(HaltCause Cause, string? Step, string? Why, long At, string Suffix)
{
    /// <summary>The run stopped over it, or the member.</summary>
    public bool Stops(string suffix) =>
        Suffix.Length == 0 || suffix == Suffix || suffix.StartsWith(Suffix + "@", StringComparison.Ordinal);
}
