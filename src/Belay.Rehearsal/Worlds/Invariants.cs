using Belay.Domain.Contract;

namespace Belay.Rehearsal.Worlds;

/// <summary>What must hold at every moment. Judged after each change of the world.</summary>
internal sealed class Invariants(World world)
{
    private Scenery Scenery => world.Scenery;

    public void Judge(Cell cell, string value, string step)
    {
        switch (cell.Aspect)
        {
            case Aspect.Exists:
                if (value == World.No)
                    Ended(cell.Subject, step);
                Routes(step);
                Windows(step);
                break;
            case Aspect.Routed:
                if (value == World.Yes)
                    Begun(cell.Subject, step);
                Routes(step);
                Windows(step);
                break;
            case Aspect.Release or Aspect.Schema:
                Windows(step);
                break;
            case Aspect.AcceptsWrites when value == World.Yes:
                Writers(cell.Subject, step);
                break;
        }
    }

    /// <summary>Sessions of a server that ends before they have.</summary>
    public void Cut(string place, string step)
    {
        if (!IsAllowed(Before(place), step))
            world.Violate(
                Rules.SessionsCut,
                place,
                $"sessions on {place} are cut: it goes away before they have ended",
                step
            );
    }

    private void Begun(string place, string step)
    {
        var member = place[(place.LastIndexOf('/') + 1)..];
        if (world.Is(member, Aspect.Sick))
            world.Violate(
                Rules.UnprovenMember,
                place,
                $"{place} gets traffic and does not answer as it should: nothing proved {member} before",
                step
            );
    }

    private void Ended(string member, string step)
    {
        if (Scenery.Stores.Contains(member))
        {
            if (world.Is(member, Aspect.AcceptsWrites))
                InUse(member, "it takes the writes", step);
            if (world.Is(member, Aspect.Astray))
                InUse(member, "a client still uses it", step);
            foreach (var copy in Scenery.Stores.Where(s => world[new(s, Aspect.Follows)] == member))
                InUse(member, $"{copy} still copies it", step);
        }
        foreach (var user in Scenery.UsersOf(member).Where(user => world.Is(user, Aspect.Exists)))
            InUse(member, $"{user} still uses it", step);
    }

    private void InUse(string member, string why, string step) =>
        world.Violate(Rules.DestroyedInUse, member, $"{member} ends, and {why}", step);

    private void Writers(string store, string step)
    {
        var data = Scenery.DataOf(store);
        var writers = Scenery
            .Stores.Where(other => Scenery.DataOf(other) == data && world.Takes(other))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (writers.Length > 1)
            world.Violate(
                Rules.TwoWriters,
                data,
                $"{string.Join(" and ", writers)} take writes of the same data at the same time",
                step
            );
    }

    private void Windows(string step)
    {
        foreach (
            var member in Scenery
                .Routes.Keys.SelectMany(world.Serving)
                .Concat(Scenery.Unrouted.Where(IsThere))
                .Distinct()
        )
        {
            if (Outside(member) is { } why)
                world.Violate(Rules.OutsideSchemaWindow, member, why, step);
        }
    }

    /// <summary>Why a member's code cannot live with a store's schema now; null: it can.</summary>
    public string? Outside(string member)
    {
        var release = world.ReleaseOf(member);
        if (Scenery.Plan.Releases?.GetValueOrDefault(release) is not { } facts)
            return null;
        foreach (var (store, window) in facts.Schema)
        {
            if (
                int.TryParse(world[new(store, Aspect.Schema)], out var schema)
                && (schema < window.Least || schema > window.Greatest)
            )
                return $"release {release} serves on {member} while {store} is at schema {schema}; it can live with {Words(window)}";
        }
        return null;
    }

    private bool IsThere(string member) => world.Is(member, Aspect.Exists);

    private static string Words(SchemaWindow window) =>
        $"{window.Least?.ToString() ?? "any"} to {window.Greatest?.ToString() ?? "any"}";

    private void Routes(string step)
    {
        foreach (var route in Scenery.Routes.Keys)
        {
            var isServed = world.Serving(route).Any();
            if (isServed && world.Outages.Remove(route, out var outage))
                Ended(route, outage, step);
            else if (!isServed && Scenery.IsServedAtFirst(route) && !world.Outages.ContainsKey(route))
                Unserved(route, step);
        }
    }

    private void Unserved(string route, string step)
    {
        if (Scenery.ImpactOf(step).FirstOrDefault(impact => Names(impact.Route, route)) is { } impact)
            world.Outages[route] = new Outage(world.Clock.GetUtcNow(), impact.AtMost);
        else
            world.Violate(Rules.RouteUnserved, route, $"nobody serves {route}", step);
    }

    private void Ended(string route, Outage outage, string step)
    {
        var lasted = world.Clock.GetUtcNow() - outage.Since;
        if (lasted > outage.AtMost)
            world.Violate(
                Rules.RouteUnserved,
                route,
                $"nobody served {route} for {lasted:c}, at most {outage.AtMost:c} is allowed",
                step
            );
    }

    private bool IsAllowed(string route, string step) =>
        Scenery.ImpactOf(step).Any(impact => Names(impact.Route, route));

    private static bool Names(string given, string route) =>
        given == route || given.EndsWith(":" + route, StringComparison.Ordinal);

    private static string Before(string place) => place.LastIndexOf('/') is > 0 and var slash ? place[..slash] : place;
}
