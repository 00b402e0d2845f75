using Belay.Domain.Evidence;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A person's word, in the environment file, that one finding may stand for a while.</summary>
public sealed record Acceptance
{
    /// <summary>The finding's code.</summary>
    public required string Code { get; init; }

    /// <summary>The finding's step.</summary>
    public required string Step { get; init; }

    /// <summary>Who accepts it.</summary>
    public required string By { get; init; }

    /// <summary>Why that is acceptable.</summary>
    public required string Reason { get; init; }

    /// <summary>The last day (UTC) on which it counts.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }

    /// <summary>Where it stands in the environment file; null when it was not read from one.</summary>
    public SourcePosition? At { get; init; }
}
