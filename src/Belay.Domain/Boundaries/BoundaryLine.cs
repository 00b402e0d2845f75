using Belay.Domain.Contract;

namespace Belay.Domain.Boundaries;

/// <summary>What it means to go back once a change is done.</summary>
public sealed record BoundaryLine
{
    /// <summary>The change's id in the plan.</summary>
    public required string Step { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>How this change alone is taken back.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>The weakest reversal of all changes up to this one: what going back to the start means from here.</summary>
    public required Reversal Cumulative { get; init; }

    /// <summary>The cost of going back to the start from here, in words.</summary>
    public required string Cost { get; init; }

    /// <summary>How long going back to the start takes from here, as far as it was measured; null: nothing was.</summary>
    public Measured? Takes { get; init; }

    /// <summary>The boundary lies directly before this step: what came before cannot be taken back without loss any more.</summary>
    public bool IsBoundary { get; init; }
}
