using Belay.Domain.Boundaries;
using Belay.Domain.Lint;
using Belay.Domain.Memory;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Views.PlanPages;

/// <summary>All that the page of a plan is made from.</summary>
public sealed record PlanFacts
{
    /// <summary>The plan, read for its environment.</summary>
    public required Plan Plan { get; init; }

    /// <summary>Its boundary.</summary>
    public required IReadOnlyList<BoundaryLine> Boundary { get; init; }

    /// <summary>What lint says of it.</summary>
    public required Judgement Judgement { get; init; }

    /// <summary>The times of earlier runs.</summary>
    public required Measurements Measured { get; init; }

    /// <summary>The operations, for what they do in words.</summary>
    public required Catalog Catalog { get; init; }
}
