using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A plan as the rules read it: every item with its place, reversal and touches, worked out once; the steps of a loop once for each member that is known.</summary>
/// <remarks>What only the run knows (a step's output, the run's date) stays in a resource's name as the reference that it is: two equal references are one resource, two different ones are two.</remarks>
internal sealed class Outline
{
    /// <summary>How many entries there are at most; a loop that would lead beyond stands once, as for one member.</summary>
    private const int GreatestCount = 100_000;

    private readonly Dictionary<string, Entry> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly Catalog catalog;

    private Outline(Plan plan, Catalog catalog)
    {
        Plan = plan;
        this.catalog = catalog;
    }

    public Plan Plan { get; }

    /// <summary>All items, each before its children, in the order of the plan.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>The items that lie in no other.</summary>
    public List<Entry> Roots { get; } = [];

    /// <summary>What the watches of the plan look at.</summary>
    public ImmutableArray<(Watch Watch, ImmutableArray<Touch> Touches)> Watches { get; private init; }

    /// <summary>Which resources are one member, and what is told of it.</summary>
    public MemberRoles Members { get; private set; } = null!;

    public static Outline Of(Plan plan, Catalog catalog)
    {
        var outline = new Outline(plan, catalog)
        {
            Watches =
            [
                .. plan.Watches.Select(watch =>
                    (
                        watch,
                        TouchesOf(
                            catalog.Find(watch.Operation),
                            watch.With,
                            ImmutableDictionary<string, JsonElement>.Empty
                        )
                    )
                ),
            ],
        };
        outline.Add(plan.Steps, new Place(null, "", ImmutableDictionary<string, JsonElement>.Empty));
        outline.Members = new MemberRoles(outline);
        return outline;
    }

    public ChangeDefinition? DefinitionOf(DoItem change) => catalog.Find(change.Operation) as ChangeDefinition;

    /// <summary>The step that an item names: for the same member where there is one.</summary>
    public Entry? Find(string id, Entry from)
    {
        for (var member = from.Member; ; member = member[..member.LastIndexOf('@')])
        {
            if (byName.TryGetValue(id + member, out var entry) || member.Length == 0)
                return entry;
        }
    }

    public int OrdinalOf(string id) => ordinals.GetValueOrDefault(id, int.MaxValue);

    private void Add(ImmutableArray<Item> items, Place place)
    {
        foreach (var item in items)
            Add(item, place);
    }

    private void Add(Item item, Place place)
    {
        var entry = Enter(item, place);
        var inside = place with { Parent = entry };
        if (item is DuringItem during)
            Add(during.Condition, inside);
        if (item is EachItem each && MembersOf(each) is { } members)
            AddMembers(each, members, inside);
        else
            Add(item.Children, inside);
    }

    private Entry Enter(Item item, Place place)
    {
        var (operation, with) = item switch
        {
            DoItem step => (catalog.Find(step.Operation), step.With),
            CheckItem step => (catalog.Find(step.Operation), step.With),
            _ => (null, default),
        };
        var entry = new Entry(item, place.Parent, Entries.Count, place.Member)
        {
            Reversal = item is DoItem change ? Boundary.ReversalOf(change, catalog) : null,
            Touches = TouchesOf(operation, with, place.Variables),
            IsBackup = operation is ChangeDefinition { IsBackup: true },
        };
        Entries.Add(entry);
        (place.Parent?.Children ?? Roots).Add(entry);
        byName.TryAdd(entry.Name, entry);
        ordinals.TryAdd(item.Id, entry.Ordinal);
        return entry;
    }

    private JsonElement[]? MembersOf(EachItem each) =>
        each.Over.ValueKind == JsonValueKind.Array
        && Entries.Count + ((long)each.Over.GetArrayLength() * Size(each)) <= GreatestCount
            ? [.. each.Over.EnumerateArray()]
            : null;

    private static long Size(Item item) => 1 + item.Children.Sum(Size);

    private void AddMembers(EachItem each, JsonElement[] members, Place place)
    {
        for (var i = 0; i < members.Length; i++)
        {
            var member = $"{place.Member}@{KeyOf(members[i], i)}";
            var group = new Entry(each, place.Parent, Entries.Count, member)
            {
                Batch = i < each.Canary ? i : each.Canary + ((i - each.Canary) / each.Batch),
            };
            place.Parent!.Children.Add(group);
            Add(each.Steps, new Place(group, member, place.Variables.SetItem(each.Variable, members[i])));
        }
    }

    /// <summary>As the engine names the members of a loop.</summary>
    private static string KeyOf(JsonElement member, int index) =>
        member.ValueKind switch
        {
            JsonValueKind.String => member.GetString()!,
            JsonValueKind.Object
                when member.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String =>
                name.GetString()!,
            _ => (index + 1).ToString(CultureInfo.InvariantCulture),
        };

    private static ImmutableArray<Touch> TouchesOf(
        OperationDefinition? operation,
        JsonElement with,
        ImmutableDictionary<string, JsonElement> variables
    )
    {
        if (operation is null)
            return [];
        try
        {
            return operation.TouchesOf(
                variables.IsEmpty ? with : References.Resolve(with, reference => ValueOf(reference, variables))
            );
        }
        catch (Exception e) when (e is JsonException or ReferenceException or FormatException or ArgumentException)
        {
            // A reference stands where the operation needs a number or a list: then nothing is known.
            return [];
        }
    }

    private static JsonElement? ValueOf(Reference reference, ImmutableDictionary<string, JsonElement> variables)
    {
        if (!variables.TryGetValue(reference.Root, out var value))
            return null;
        foreach (var name in reference.Path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value;
    }

    /// <summary>Where items are added.</summary>
    private sealed record Place(Entry? Parent, string Member, ImmutableDictionary<string, JsonElement> Variables);
}
