using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A plan as the rules read it: every item with its place, reversal and touches, worked out once.</summary>
internal sealed class Outline
{
    private readonly Dictionary<string, Entry> byId = new(StringComparer.Ordinal);
    private readonly Catalog catalog;

    private Outline(Plan plan, Catalog catalog)
    {
        Plan = plan;
        this.catalog = catalog;
    }

    public Plan Plan { get; }

    /// <summary>All items, each before its children, in the order of the plan.</summary>
    public List<Entry> Entries { get; } = [];

    public static Outline Of(Plan plan, Catalog catalog)
    {
        var outline = new Outline(plan, catalog);
        outline.Add(plan.Steps, parent: null);
        return outline;
    }

    public Entry? Find(string id) => byId.GetValueOrDefault(id);

    public int OrdinalOf(string id) => byId.TryGetValue(id, out var entry) ? entry.Ordinal : int.MaxValue;

    private void Add(ImmutableArray<Item> items, Entry? parent)
    {
        foreach (var item in items)
            Add(item, parent);
    }

    private void Add(Item item, Entry? parent)
    {
        var entry = new Entry(item, parent, Entries.Count)
        {
            Reversal = item is DoItem change ? Boundary.ReversalOf(change, catalog) : null,
            Touches = TouchesOf(item),
            IsBackup = item is DoItem step && catalog.Find(step.Operation) is ChangeDefinition { IsBackup: true },
        };
        Entries.Add(entry);
        byId.TryAdd(item.Id, entry);
        if (item is DuringItem during)
            Add(during.Condition, entry);
        Add(item.Children, entry);
    }

    /// <summary>What the step touches; empty while a part of its inputs waits for the run.</summary>
    private ImmutableArray<Touch> TouchesOf(Item item)
    {
        var (operation, with) = item switch
        {
            DoItem step => (step.Operation, step.With),
            CheckItem step => (step.Operation, step.With),
            _ => (null, default),
        };
        if (operation is null || catalog.Find(operation) is not { } definition)
            return [];
        try
        {
            return with.GetRawText().Contains("${", StringComparison.Ordinal) ? [] : definition.TouchesOf(with);
        }
        catch (JsonException)
        {
            // A plan that was made without the reader may hold inputs that do not fit; then nothing is known.
            return [];
        }
    }
}

/// <summary>One item of an <see cref="Outline"/>.</summary>
internal sealed record Entry(Item Item, Entry? Parent, int Ordinal)
{
    public int Depth { get; } = Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>How it is taken back; null when it is no change.</summary>
    public Reversal? Reversal { get; init; }

    public required ImmutableArray<Touch> Touches { get; init; }

    public required bool IsBackup { get; init; }

    /// <summary>Whether this item is certainly done when <paramref name="later"/> begins: it comes before it, and not at the same time.</summary>
    public bool IsDoneBefore(Entry later)
    {
        if (Ordinal >= later.Ordinal)
            return false;
        var (a, b) = (this, later);
        while (a.Parent != b.Parent)
        {
            if (a.Depth < b.Depth)
            {
                b = b.Parent!;
                continue;
            }
            a = a.Parent!;
        }
        return a.Parent?.Item is not ParallelItem;
    }
}
