using System.Collections.Immutable;
using Belay.Domain.Plans;

namespace Belay.Domain.Readings;

/// <summary>One node of the tree of a run: the plan's tree with a node for each member of a loop, and what the journal says of each.</summary>
public sealed record RunNode
{
    /// <summary>The step's id in the run; for a member of a loop the loop's id and <c>@MEMBER</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What people read; for a member of a loop its key.</summary>
    public required string Title { get; init; }

    /// <summary>The item of the plan; null for a member of a loop and for a step that a mend took out of the plan.</summary>
    public Item? Item { get; init; }

    /// <summary>What the journal says; null when it says nothing of this node itself.</summary>
    public StepReading? Reading { get; init; }

    /// <summary>Why this member of a loop was set aside; null when it was not, or is none.</summary>
    public string? SetAside { get; init; }

    /// <summary>The nodes directly inside this one.</summary>
    public ImmutableArray<RunNode> Children { get; init; } = [];

    /// <summary>How it stands; a group stands as the things in it do.</summary>
    public required StepState State { get; init; }

    /// <summary>This node and all below it, each before its children, with how deep each lies below this one.</summary>
    public IEnumerable<(RunNode Node, int Depth)> All()
    {
        var stack = new Stack<(RunNode, int)>();
        stack.Push((this, 0));
        while (stack.TryPop(out var top))
        {
            yield return top;
            foreach (var child in top.Item1.Children.Reverse())
                stack.Push((child, top.Item2 + 1));
        }
    }
}
