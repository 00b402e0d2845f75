using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Which resources are one member: those that serve at one address, whoever names them; where no address is known, those whose names end alike.</summary>
internal sealed class Members
{
    private readonly Dictionary<string, string> parents = new(StringComparer.Ordinal);
    private readonly HashSet<string> stores = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> firstRoute = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> created = new(StringComparer.Ordinal);

    private Members() { }

    public static Members Of(Outline outline)
    {
        var members = new Members();
        var touches = outline
            .Entries.SelectMany(entry => entry.Touches)
            .Concat(outline.Watches.SelectMany(watch => watch.Touches))
            .Where(touch => IsMember(touch.Resource))
            .ToArray();
        members.JoinAddresses(touches);
        members.JoinNames(touches);
        foreach (var entry in outline.Entries)
        {
            foreach (var touch in entry.Touches.Where(touch => IsMember(touch.Resource)))
                members.Note(entry, touch);
        }
        return members;
    }

    /// <summary>The member to which a resource belongs.</summary>
    public string Find(string resource)
    {
        var root = resource;
        while (parents.TryGetValue(root, out var parent) && parent != root)
            root = parent;
        // Shortens the way for the next one.
        if (root != resource)
            parents[resource] = root;
        return root;
    }

    /// <summary>Whether it holds data: it is saved, copied, migrated, frozen, or has a writer.</summary>
    public bool IsStore(string member) => stores.Contains(member);

    /// <summary>Whether the plan routes to it, away from it, or asks who uses it.</summary>
    public bool IsServed(string member) => served.Contains(member);

    /// <summary>The first step that routes to it; null when none does.</summary>
    public Entry? RoutedBy(string member) => firstRoute.GetValueOrDefault(member);

    /// <summary>The first step that makes it; null when none does.</summary>
    public Entry? CreatedBy(string member) => created.GetValueOrDefault(member);

    /// <summary>Files and commands serve nobody.</summary>
    public static bool IsMember(string resource) =>
        !resource.StartsWith("file:", StringComparison.Ordinal) && !ResourceNames.IsCommand(resource);

    private void Note(Entry entry, Touch touch)
    {
        var member = Find(touch.Resource);
        if (
            touch.Kind is TouchKind.BackUp or TouchKind.Freeze
            || touch.Copies is not null
            || touch.Writer is not null
            || touch.Reaches is not null
        )
            stores.Add(member);
        if (touch.Copies is { } source)
            stores.Add(Find(source));
        if (touch.Kind is TouchKind.RouteTo or TouchKind.RouteAway || touch.Proves == Proof.Idle)
            served.Add(member);
        if (touch.Kind == TouchKind.RouteTo)
            firstRoute.TryAdd(member, entry);
        if (touch.Kind == TouchKind.Create)
            created.TryAdd(member, entry);
    }

    private void JoinAddresses(IEnumerable<Touch> touches)
    {
        foreach (var touch in touches.Where(touch => touch.Address is not null))
            Join($"address {touch.Address}", touch.Resource);
    }

    /// <summary>Equal names alone join nothing where both addresses are known.</summary>
    private void JoinNames(IEnumerable<Touch> touches)
    {
        var addressed = touches.Where(touch => touch.Address is not null).Select(touch => touch.Resource).ToHashSet();
        foreach (
            var alike in touches
                .Select(touch => touch.Resource)
                .Distinct(StringComparer.Ordinal)
                .GroupBy(ResourceNames.LastOf, StringComparer.Ordinal)
        )
        {
            var names = alike.ToArray();
            if (Array.TrueForAll(names, addressed.Contains))
                continue;
            foreach (var name in names)
                Join(names[0], name);
        }
    }

    private void Join(string a, string b)
    {
        parents.TryAdd(a, a);
        parents.TryAdd(b, b);
        parents[Find(b)] = Find(a);
    }
}
