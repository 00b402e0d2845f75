using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>What a plan's touches tell of its members: which hold data, which are served, made, routed to.</summary>
internal sealed class MemberRoles
{
    private readonly Members members;
    private readonly HashSet<string> stores = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> firstRoute = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> created = new(StringComparer.Ordinal);

    public MemberRoles(Outline outline)
    {
        members = new Members(
            outline
                .Entries.SelectMany(entry => entry.Touches)
                .Concat(outline.Watches.SelectMany(watch => watch.Touches))
        );
        foreach (var entry in outline.Entries)
        {
            foreach (var touch in entry.Touches.Where(touch => Members.IsMember(touch.Resource)))
                Note(entry, touch);
        }
    }

    /// <summary>The member to which a resource belongs.</summary>
    public string Of(string resource) => members.Of(resource);

    /// <summary>Whether it holds data: it is saved, copied, migrated, frozen, or has a writer.</summary>
    public bool IsStore(string member) => stores.Contains(member);

    /// <summary>Whether the plan routes to it, away from it, or asks who uses it.</summary>
    public bool IsServed(string member) => served.Contains(member);

    /// <summary>The first step that routes to it; null when none does.</summary>
    public Entry? RoutedBy(string member) => firstRoute.GetValueOrDefault(member);

    /// <summary>The first step that makes it; null when none does.</summary>
    public Entry? CreatedBy(string member) => created.GetValueOrDefault(member);

    private void Note(Entry entry, Touch touch)
    {
        var member = Of(touch.Resource);
        if (
            touch.Kind is TouchKind.BackUp or TouchKind.Freeze
            || touch.Copies is not null
            || touch.Writer is not null
            || touch.Reaches is not null
        )
            stores.Add(member);
        if (touch.Copies is { } source)
            stores.Add(Of(source));
        if (touch.Kind is TouchKind.RouteTo or TouchKind.RouteAway || touch.Proves == Proof.Idle)
            served.Add(member);
        if (touch.Kind == TouchKind.RouteTo)
            firstRoute.TryAdd(member, entry);
        if (touch.Kind == TouchKind.Create)
            created.TryAdd(member, entry);
    }
}
