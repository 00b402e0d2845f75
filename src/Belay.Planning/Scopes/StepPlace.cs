using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Planning.Scopes;

/// <summary>How the items of a group run.</summary>
internal enum GroupKind
{
    Sequence,
    Parallel,
    Loop,
}

/// <summary>Where an item stands in the tree.</summary>
/// <param name="Parent">The item around it; null at the root.</param>
/// <param name="Id">The item's id in the whole plan.</param>
/// <param name="At">Where it stands in the file.</param>
/// <param name="Ordinal">Its place in the order of reading.</param>
internal sealed record StepPlace(StepPlace? Parent, string Id, SourcePosition At, int Ordinal)
{
    public int Depth { get; } = Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>How the items inside it run.</summary>
    public GroupKind Group { get; set; }

    /// <summary>What it does; null for an item that has no outputs.</summary>
    public OperationDefinition? Operation { get; set; }
}
