using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A plan as the rules read it: every item with its place, reversal and touches, worked out once; the steps of a loop once for each member, or for a few that stand for all where only the run knows them.</summary>
/// <remarks>What only the run knows (a step's output, the run's date) stays in a resource's name as the reference that it is: two equal references are one resource, two different ones are two. Members that only the run knows are told apart by a number: <c>${server.new}</c> of the second one is <c>${server#2.new}</c>.</remarks>
internal sealed class Outline
{
    /// <summary>How many entries there are at most; a loop that would lead beyond stands once, as for one member.</summary>
    private const int GreatestCount = 100_000;

    /// <summary>How many members beyond the canaries stand for those that only the run knows: as many as it takes to run beside each other.</summary>
    private const int StandIns = 2;

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
        outline.Add(plan.Steps, new Place(null, "", ImmutableDictionary<string, JsonElement>.Empty, []));
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
        else if (item is EachItem unknown && Fits(unknown, unknown.Canary + StandIns))
            AddStandIns(unknown, inside);
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
            Touches = TouchesOf(operation, place.StandIns.Aggregate(with, Numbered), place.Variables),
            IsBackup = operation is ChangeDefinition { IsBackup: true },
        };
        Entries.Add(entry);
        (place.Parent?.Children ?? Roots).Add(entry);
        byName.TryAdd(entry.Name, entry);
        ordinals.TryAdd(item.Id, entry.Ordinal);
        return entry;
    }

    private JsonElement[]? MembersOf(EachItem each) =>
        each.Over.ValueKind == JsonValueKind.Array && Fits(each, each.Over.GetArrayLength())
            ? [.. each.Over.EnumerateArray()]
            : null;

    private bool Fits(EachItem each, int members) => Entries.Count + ((long)members * Size(each)) <= GreatestCount;

    private static long Size(Item item) => 1 + item.Children.Sum(Size);

    private void AddMembers(EachItem each, JsonElement[] members, Place place)
    {
        for (var i = 0; i < members.Length; i++)
        {
            var group = AddMember(each, i, KeyOf(members[i], i), place);
            Add(
                each.Steps,
                place with
                {
                    Parent = group,
                    Member = group.Member,
                    Variables = place.Variables.SetItem(each.Variable, members[i]),
                }
            );
        }
    }

    private void AddStandIns(EachItem each, Place place)
    {
        for (var i = 0; i < each.Canary + StandIns; i++)
        {
            var key = (i + 1).ToString(CultureInfo.InvariantCulture);
            var group = AddMember(each, i, key, place);
            Add(
                each.Steps,
                place with
                {
                    Parent = group,
                    Member = group.Member,
                    StandIns = place.StandIns.Add((each.Variable, key)),
                }
            );
        }
    }

    private Entry AddMember(EachItem each, int index, string key, Place place)
    {
        var group = new Entry(each, place.Parent, Entries.Count, $"{place.Member}@{key}")
        {
            Batch = index < each.Canary ? index : each.Canary + ((index - each.Canary) / each.Batch),
        };
        place.Parent!.Children.Add(group);
        return group;
    }

    /// <summary>Inputs in which the references to a loop's variable say which of its members is meant.</summary>
    private static JsonElement Numbered(JsonElement with, (string Variable, string Number) member)
    {
        if (with.ValueKind == JsonValueKind.Undefined)
            return with;
        var text = with.GetRawText();
        var numbered = text.Replace(
                $"${{{member.Variable}.",
                $"${{{member.Variable}#{member.Number}.",
                StringComparison.Ordinal
            )
            .Replace($"${{{member.Variable}}}", $"${{{member.Variable}#{member.Number}}}", StringComparison.Ordinal);
        return text == numbered ? with : JsonElement.Parse(numbered);
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
    /// <param name="Parent">The item in which they stand.</param>
    /// <param name="Member">The members of loops for which they stand.</param>
    /// <param name="Variables">The members that are known, by their loop's variable.</param>
    /// <param name="StandIns">The loops whose members only the run knows: the variable, and the number of the member.</param>
    private sealed record Place(
        Entry? Parent,
        string Member,
        ImmutableDictionary<string, JsonElement> Variables,
        ImmutableArray<(string Variable, string Number)> StandIns
    );
}
