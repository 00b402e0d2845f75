using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Telling;

/// <summary>The world of a rehearsal in words, so that a person can see what was taken for what.</summary>
internal static class WorldWords
{
    public static IEnumerable<string> Of(Scenery scenery)
    {
        var beginning = scenery.Beginning.ToDictionary(pair => pair.Cell, pair => pair.Value);
        foreach (var (route, members) in scenery.Routes)
            yield return $"route {route}: {string.Join(", ", members.Select(member => Member(route, member)))}";
        foreach (var store in scenery.Stores)
            yield return $"store {store}: {Store(store)}";
        foreach (var member in scenery.Unrouted)
            yield return $"service {member}: {(Is(member, Aspect.Exists) ? "runs" : "does not run yet")}";

        string Member(string route, string member) =>
            $"{member} ({(Is(member, Aspect.Exists) ? $"release {beginning[new(member, Aspect.Release)]}" : "does not run yet")}, {(Is($"{route}/{member}", Aspect.Routed) ? "gets traffic" : "no traffic yet")})";

        string Store(string store)
        {
            var schema = beginning.GetValueOrDefault(new(store, Aspect.Schema)) is { } version
                ? $", schema {version}"
                : "";
            return (Is(store, Aspect.AcceptsWrites) ? "takes writes" : "empty, takes no writes yet") + schema;
        }

        bool Is(string subject, Aspect aspect) => beginning.GetValueOrDefault(new(subject, aspect)) == World.Yes;
    }
}
