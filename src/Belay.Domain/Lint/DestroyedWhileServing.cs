using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>What a route of the plan still leads to, or a watch still looks at, must not be destroyed.</summary>
internal static class DestroyedWhileServing
{
    public const string Code = "destroyed-while-routed";

    public const string WatchCode = "destroyed-while-watched";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var watched = Watched(outline);
        // By the member that is routed to, and by each that it depends on: the step that routed to it.
        var routed = new Dictionary<string, (string Member, Entry By)>(StringComparer.Ordinal);
        foreach (var entry in outline.Entries.Where(entry => !entry.Touches.IsEmpty))
        {
            foreach (var touch in entry.Touches.Where(touch => touch.Kind == TouchKind.RouteAway))
                RemoveRoute(outline, routed, outline.Members.Of(touch.Resource));
            foreach (var touch in entry.Touches.Where(touch => touch.Kind == TouchKind.Destroy))
            {
                if (routed.TryGetValue(outline.Members.Of(touch.Resource), out var route))
                    yield return new Finding
                    {
                        Code = Code,
                        Step = entry.Id,
                        Message = $"'{entry.Name}' ends {touch.Resource}, to which '{route.By.Name}' routes traffic",
                        Hint = "route away from it first, and let it drain",
                    };
                if (watched.TryGetValue(outline.Members.Of(touch.Resource), out var watch))
                    yield return new Finding
                    {
                        Code = WatchCode,
                        Step = entry.Id,
                        Message =
                            $"'{entry.Name}' ends {touch.Resource}, and the watch '{watch}', which runs until the end, still looks at it",
                        Hint = "watch what takes its place, or what lies in front of both",
                    };
            }
            foreach (var touch in entry.Touches.Where(touch => touch.Kind == TouchKind.RouteTo))
            {
                var member = outline.Members.Of(touch.Resource);
                foreach (var needed in touch.Uses.Select(outline.Members.Of).Append(member))
                    routed[needed] = (member, entry);
            }
        }
    }

    private static void RemoveRoute(
        Outline outline,
        Dictionary<string, (string Member, Entry By)> routed,
        string member
    )
    {
        if (!routed.TryGetValue(member, out var route) || route.Member != member)
            return;
        var needed = route.By.Touches.SelectMany(touch => touch.Uses).Select(outline.Members.Of);
        foreach (var one in needed.Append(member))
        {
            if (routed.TryGetValue(one, out var other) && other.Member == member)
                routed.Remove(one);
        }
    }

    private static Dictionary<string, string> Watched(Outline outline)
    {
        var watched = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (watch, touches) in outline.Watches)
        {
            foreach (var resource in touches.SelectMany(t => t.Uses.Add(t.Resource)))
                watched.TryAdd(outline.Members.Of(resource), watch.Name);
        }
        return watched;
    }
}
