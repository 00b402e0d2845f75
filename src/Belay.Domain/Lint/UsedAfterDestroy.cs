using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>What was destroyed cannot be used by a later step, nor by one that runs at the same time.</summary>
/// <remarks>Reading it is allowed: a check may prove that it is gone.</remarks>
internal sealed class UsedAfterDestroy
{
    public const string Code = "used-after-destroy";

    public const string BesideCode = "used-while-destroyed";

    private readonly Outline outline;

    // By the resource, and by the member to which it belongs.
    private readonly Dictionary<string, Entry> destroyed = new(StringComparer.Ordinal);

    private UsedAfterDestroy(Outline outline) => this.outline = outline;

    public static IEnumerable<Finding> Check(Outline outline) =>
        [.. new UsedAfterDestroy(outline).Later(), .. new UsedAfterDestroy(outline).Beside()];

    private IEnumerable<Finding> Later()
    {
        foreach (var entry in outline.Entries.Where(entry => !entry.Touches.IsEmpty))
        {
            if (Used(entry).FirstOrDefault(used => destroyed.ContainsKey(used.Key)) is { Key: { } key } use)
                yield return Of(entry, use.Resource, destroyed[key]);
            foreach (var touch in entry.Touches)
            {
                if (touch.Kind == TouchKind.Destroy)
                    Names(touch.Resource).ForEach(name => destroyed.TryAdd(name, entry));
                else if (touch.Kind == TouchKind.Create)
                    Names(touch.Resource).ForEach(name => destroyed.Remove(name));
            }
        }
    }

    /// <summary>Steps that stand before the one that destroys, and may still be under way with it.</summary>
    private IEnumerable<Finding> Beside()
    {
        for (var i = outline.Entries.Count - 1; i >= 0; i--)
        {
            var entry = outline.Entries[i];
            if (entry.Touches.IsEmpty)
                continue;
            if (
                Used(entry)
                    .FirstOrDefault(used =>
                        destroyed.TryGetValue(used.Key, out var later) && entry.MayRunBeside(later)
                    ) is
                { Key: { } key } use
            )
                yield return Of(entry, use.Resource, destroyed[key]);
            foreach (var touch in entry.Touches.Where(touch => touch.Kind == TouchKind.Destroy))
                Names(touch.Resource).ForEach(name => destroyed[name] = entry);
        }
    }

    private static Finding Of(Entry user, string resource, Entry destroyer) =>
        user.MayRunBeside(destroyer)
            ? new()
            {
                Code = BesideCode,
                Step = user.Id,
                Message = $"'{user.Name}' uses {resource}, which '{destroyer.Name}' destroys at the same time",
                Hint = "destroy it behind everything that uses it, in a step of its own",
            }
            : new()
            {
                Code = Code,
                Step = user.Id,
                Message = $"'{user.Name}' uses {resource}, which '{destroyer.Name}' destroys before",
                Hint = "move the step that destroys it behind this one",
            };

    private List<string> Names(string resource) =>
        Members.IsMember(resource) ? [resource, MemberKey(resource)] : [resource];

    /// <summary>Taking a member off the list of a route is a use of that list alone: traffic, copies and backups go to the member itself.</summary>
    private IEnumerable<(string Key, string Resource)> Used(Entry entry)
    {
        foreach (var touch in entry.Touches)
        {
            if (
                touch.Kind
                is TouchKind.Modify
                    or TouchKind.Rename
                    or TouchKind.RouteTo
                    or TouchKind.BackUp
                    or TouchKind.Freeze
            )
            {
                foreach (var name in ResourceNames.WithParents(touch.Resource))
                    yield return (name, touch.Resource);
            }
            if (
                touch.Kind is TouchKind.RouteTo or TouchKind.BackUp or TouchKind.Freeze
                && Members.IsMember(touch.Resource)
            )
                yield return (MemberKey(touch.Resource), touch.Resource);
            foreach (var needed in touch.Uses)
            {
                foreach (var name in ResourceNames.WithParents(needed))
                    yield return (name, needed);
                yield return (MemberKey(needed), needed);
            }
        }
    }

    // No resource begins like this.
    private string MemberKey(string resource) => $"member {outline.Members.Of(resource)}";
}
