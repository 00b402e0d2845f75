using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>One item of an <see cref="Outline"/>, for one member of each loop around it.</summary>
internal sealed class Entry(Item item, Entry? parent, int ordinal, string member)
{
    public Item Item { get; } = item;

    public Entry? Parent { get; } = parent;

    /// <summary>Its place among all entries, in the order of the plan.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The members for which it stands, as in ids of steps that run: <c>@web3</c>; empty outside of loops.</summary>
    public string Member { get; } = member;

    /// <summary>The group in which an item of a loop runs, for members that run at the same time; -1 when it stands for no member itself.</summary>
    public int Batch { get; init; } = -1;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public List<Entry> Children { get; } = [];

    /// <summary>How it is taken back; null when it is no change.</summary>
    public Reversal? Reversal { get; init; }

    public ImmutableArray<Touch> Touches { get; init; } = [];

    public bool IsBackup { get; init; }

    public string Id => Item.Id;

    /// <summary>How messages name it: the id, with the member for which it stands.</summary>
    public string Name => Item.Id + Member;

    /// <summary>Whether this item is certainly done when <paramref name="later"/> begins: it comes before it, and not at the same time.</summary>
    public bool IsDoneBefore(Entry later) => Ordinal < later.Ordinal && !MayRunBeside(later);

    /// <summary>Whether both may be under way at the same time.</summary>
    public bool MayRunBeside(Entry other)
    {
        var (a, b) = (this, other);
        while (a.Parent != b.Parent)
        {
            if (a.Depth < b.Depth)
                b = b.Parent!;
            else
                a = a.Parent!;
        }
        // One of them lies inside the other, or both are one.
        if (a == b)
            return false;
        return a.Parent?.Item switch
        {
            ParallelItem => true,
            EachItem => a.Batch >= 0 && a.Batch == b.Batch,
            _ => false,
        };
    }

    /// <summary>Whether the item, or one around it, says that users will notice it.</summary>
    public bool IsNoticed
    {
        get
        {
            for (var entry = this; entry is not null; entry = entry.Parent)
            {
                if (entry.Item.Impact is not null)
                    return true;
            }
            return false;
        }
    }
}
