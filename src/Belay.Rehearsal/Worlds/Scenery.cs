using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Rehearsal.Worlds;

/// <summary>What does not change in a rehearsal: the plan, and what its touches tell of members, routes and stores, and of how they stand before it begins.</summary>
internal sealed class Scenery
{
    private readonly Members members;
    private readonly Dictionary<string, string> dataOf = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> users;
    private readonly Dictionary<string, ImmutableArray<Impact>> impacts = new(StringComparer.Ordinal);
    private readonly HashSet<string> created;

    /// <param name="plan">The plan.</param>
    /// <param name="seen">Every touch of a run of the plan without a fault, in its order.</param>
    public Scenery(Plan plan, IReadOnlyList<Touch> seen)
    {
        Plan = plan;
        members = new Members(seen);
        var stores = seen.Where(IsOfStore).Select(touch => members.Of(touch.Resource));
        Stores =
        [
            .. stores
                .Concat(seen.Select(touch => touch.Copies).OfType<string>().Select(members.Of))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        var routed = seen.Where(IsRouting).Select(touch => RoutePart(touch.Resource)).ToHashSet(StringComparer.Ordinal);
        Routes = seen.Where(touch => routed.Contains(RoutePart(touch.Resource)))
            .GroupBy(
                touch => Members.RouteOf(touch.Resource),
                touch => members.Of(touch.Resource),
                StringComparer.Ordinal
            )
            .ToImmutableSortedDictionary(
                group => group.Key,
                group => group.Distinct().ToImmutableArray(),
                StringComparer.Ordinal
            );
        created = [.. seen.Where(touch => touch.Kind == TouchKind.Create).Select(touch => members.Of(touch.Resource))];
        Unrouted =
        [
            .. seen.Where(touch =>
                    touch.Kind is TouchKind.Create or TouchKind.Destroy && Members.IsMember(touch.Resource)
                )
                .Select(touch => members.Of(touch.Resource))
                .Distinct()
                .Where(member => !Stores.Contains(member) && !RoutesOf(member).Any()),
        ];
        users = seen.Where(touch => touch.Copies is null && touch.Kind != TouchKind.Read)
            .SelectMany(touch =>
                touch
                    .Uses.Where(Members.IsMember)
                    .Select(used => (Used: members.Of(used), User: members.Of(touch.Resource)))
            )
            .Distinct()
            .ToLookup(pair => pair.Used, pair => pair.User, StringComparer.Ordinal);
        JoinData(seen);
        foreach (var item in plan.Steps)
            AddImpacts(item, []);
        Beginning = [.. new Beginnings(this, seen).All()];
    }

    public Plan Plan { get; }

    /// <summary>Members that hold data.</summary>
    public ImmutableArray<string> Stores { get; }

    /// <summary>The routes, each with the members that the plan names.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Routes { get; }

    /// <summary>Services that no route leads to: they serve whenever they run.</summary>
    public ImmutableArray<string> Unrouted { get; }

    /// <summary>The cells before the plan begins.</summary>
    public ImmutableArray<(Cell Cell, string Value)> Beginning { get; }

    public string MemberOf(string resource) => members.Of(resource);

    public bool IsNamed(string member) => members.Named.Contains(member);

    public bool IsCreated(string member) => created.Contains(member);

    public bool IsStore(Touch touch) => Stores.Contains(members.Of(touch.Resource));

    public IEnumerable<string> RoutesOf(string member) =>
        Routes.Where(route => route.Value.Contains(member)).Select(route => route.Key);

    public string PlaceOf(Touch touch) => $"{Members.RouteOf(touch.Resource)}/{members.Of(touch.Resource)}";

    /// <summary>The data that a store holds, named after one of its stores.</summary>
    public string DataOf(string store) => dataOf.GetValueOrDefault(store, store);

    public IEnumerable<string> UsersOf(string member) => users[member];

    public bool IsServedAtFirst(string route) =>
        Routes[route].Any(member => Beginning.Contains((new($"{route}/{member}", Aspect.Routed), World.Yes)));

    /// <summary>What a step's author, or that of a group around it, accepts.</summary>
    public ImmutableArray<Impact> ImpactOf(string step) => impacts.GetValueOrDefault(BaseOf(step), []);

    /// <summary>The plan's id of a step of a loop.</summary>
    public static string BaseOf(string step) =>
        step.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? step[..at] : step;

    private bool IsRouting(Touch touch) => touch.Kind is TouchKind.RouteTo or TouchKind.RouteAway && !IsStore(touch);

    /// <summary>All before the last slash: <c>haproxy:shop</c>. What has no slash is a route of its own.</summary>
    private static string RoutePart(string resource) =>
        resource.EndsWith("/sessions", StringComparison.Ordinal) || !Members.IsMember(resource) ? ""
        : resource.LastIndexOf('/') is > 0 and var slash ? resource[..slash]
        : resource;

    private static bool IsOfStore(Touch touch) =>
        touch.Reaches is not null
        || touch.Copies is not null
        || touch.Writer is not null
        || touch.Proves is Proof.Schema or Proof.Same
        || (touch.Kind is TouchKind.BackUp or TouchKind.Freeze or TouchKind.Thaw && Members.IsMember(touch.Resource));

    /// <summary>A copy and its source, and the two sides of a cut-over, hold the same data.</summary>
    private void JoinData(IReadOnlyList<Touch> seen)
    {
        foreach (var touch in seen.Where(touch => touch.Copies is not null))
        {
            var (source, copy) = (DataOf(members.Of(touch.Copies!)), DataOf(members.Of(touch.Resource)));
            foreach (var store in Stores.Where(store => DataOf(store) == copy).ToArray())
                dataOf[store] = source;
        }
    }

    private void AddImpacts(Item item, ImmutableArray<Impact> around)
    {
        var own = item.Impact is { } impact ? around.Add(impact) : around;
        impacts[item.Id] = own;
        if (item is DuringItem during)
            impacts[during.Condition.Id] = own;
        foreach (var child in item.Children)
            AddImpacts(child, own);
    }

    /// <summary>How everything stands before the plan begins, told by what the plan does to it first.</summary>
    private sealed class Beginnings(Scenery scenery, IReadOnlyList<Touch> seen)
    {
        private readonly Dictionary<string, Touch> first = new(StringComparer.Ordinal);

        public IEnumerable<(Cell, string)> All()
        {
            foreach (var touch in seen.Where(touch => Members.IsMember(touch.Resource) && IsTelling(touch)))
                first.TryAdd(scenery.MemberOf(touch.Resource), touch);
            foreach (
                var member in seen.Where(touch => Members.IsMember(touch.Resource))
                    .Select(touch => scenery.MemberOf(touch.Resource))
                    .Concat(scenery.Stores)
                    .Distinct()
            )
            {
                yield return (new(member, Aspect.Exists), IsThere(member) ? World.Yes : World.No);
                yield return (new(member, Aspect.Release), IsNew(member) ? scenery.Plan.To : scenery.Plan.From);
            }
            foreach (var cell in Routed().Concat(scenery.Stores.SelectMany(Store)))
                yield return cell;
        }

        // That it is asked, or gets a new name, tells nothing.
        private static bool IsTelling(Touch touch) =>
            touch.Kind is not (TouchKind.Read or TouchKind.Modify or TouchKind.Rename) || touch.Copies is not null;

        private bool IsThere(string member) => first.GetValueOrDefault(member)?.Kind != TouchKind.Create;

        // A server that the plan attaches and did not start was started for it before.
        private bool IsNew(string member) =>
            first.GetValueOrDefault(member) is { Kind: TouchKind.RouteTo } touch && !scenery.IsStore(touch);

        // What is only looked at on a route, or taken off it, was on it.
        private IEnumerable<(Cell, string)> Routed()
        {
            foreach (var (route, members) in scenery.Routes)
            {
                foreach (var member in members)
                {
                    var place = $"{route}/{member}";
                    var firstRouting = seen.FirstOrDefault(touch =>
                        scenery.IsRouting(touch) && scenery.PlaceOf(touch) == place
                    );
                    if (firstRouting?.Kind == TouchKind.RouteTo)
                        continue;
                    yield return (new(place, Aspect.Routed), World.Yes);
                    yield return (new(place, Aspect.Sessions), World.Yes);
                }
            }
            foreach (var member in scenery.Unrouted.Where(member => IsThere(member) && IsReached(member)))
                yield return (new(member, Aspect.Sessions), World.Yes);
        }

        // Somebody asks what answers at an address, as long as nothing shows the contrary.
        private bool IsReached(string member) =>
            seen.Any(touch => touch.Address is not null && scenery.MemberOf(touch.Resource) == member);

        private IEnumerable<(Cell, string)> Store(string store)
        {
            // What is filled from another store first, or promoted, is empty before.
            var isEmpty =
                first.GetValueOrDefault(store) is { } touch
                && (touch.Copies is not null || touch.Kind is TouchKind.Create or TouchKind.RouteTo);
            yield return (new(store, Aspect.AcceptsWrites), isEmpty ? World.No : World.Yes);
            if (SchemaOf(store) is { } schema)
                yield return (new(store, Aspect.Schema), schema.ToString(CultureInfo.InvariantCulture));
        }

        private int? SchemaOf(string store)
        {
            var touches = seen.Where(touch => scenery.MemberOf(touch.Resource) == store)
                .TakeWhile(touch => touch.Reaches is null)
                .ToArray();
            var reached = seen.FirstOrDefault(touch =>
                touch.Reaches is not null && scenery.MemberOf(touch.Resource) == store
            )?.Reaches;
            var window = scenery.Plan.Releases?.GetValueOrDefault(scenery.Plan.From)?.Schema.GetValueOrDefault(store);
            return touches.FirstOrDefault(touch => touch.Proves == Proof.Schema)?.Schema?.Least
                ?? (reached is { } to ? Math.Min(to - 1, window?.Greatest ?? int.MaxValue) : window?.Least);
        }
    }
}
