using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>What the rules about schemas work with: the migrations of each store, and which steps bring new code in and take old code out.</summary>
internal sealed class Releases
{
    private readonly Outline outline;

    private Releases(Outline outline, Dictionary<string, Store> stores)
    {
        this.outline = outline;
        Stores = stores;
    }

    /// <summary>The stores of which the plan states windows, by connection; only those that the plan migrates or checks.</summary>
    public Dictionary<string, Store> Stores { get; }

    public static Releases Of(Outline outline)
    {
        var stores = (outline.Plan.Releases?.Values ?? [])
            .SelectMany(facts => facts.Schema.Keys)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(connection => connection, _ => new Store(), StringComparer.Ordinal);
        foreach (var entry in stores.Count == 0 ? [] : outline.Entries)
        {
            foreach (var touch in entry.Touches.Where(t => t.Reaches is not null || t.Proves == Proof.Schema))
            {
                if (!stores.TryGetValue(ResourceNames.PlaceOf(touch.Resource), out var store))
                    continue;
                if (touch.Reaches is { } reaches)
                    store.Migrations.Add((entry, reaches));
                else
                    store.Known ??= touch.Schema?.Greatest;
            }
        }
        return new(outline, stores);
    }

    /// <summary>The window of a release; null when the plan does not state it.</summary>
    public SchemaWindow? WindowOf(string release, string connection) =>
        outline.Plan.Releases?.GetValueOrDefault(release)?.Schema.GetValueOrDefault(connection);

    /// <summary>The steps that start code of the new release, or route to it.</summary>
    public IEnumerable<Entry> NewCode() =>
        outline.Entries.Where(entry =>
            entry.Touches.Any(touch =>
                touch.Kind is TouchKind.RouteTo or TouchKind.Create
                && Members.IsMember(touch.Resource)
                && outline.Members.Of(touch.Resource) is var member
                && outline.Members.RoutedBy(member) is not null
                && !outline.Members.IsStore(member)
            )
        );

    /// <summary>The steps that take code of the old release out of service: away from members that no earlier step routed to.</summary>
    public IEnumerable<Entry> OldCodeLeaves() =>
        outline.Entries.Where(entry =>
            entry.Touches.Any(touch =>
                touch.Kind == TouchKind.RouteAway
                && outline.Members.Of(touch.Resource) is var member
                && !outline.Members.IsStore(member)
                && !(outline.Members.RoutedBy(member) is { } routed && routed.IsDoneBefore(entry))
            )
        );

    /// <summary>A store with a schema.</summary>
    internal sealed class Store
    {
        public List<(Entry Step, int Reaches)> Migrations { get; } = [];

        /// <summary>The version that the first check demands; null when none does.</summary>
        public int? Known { get; set; }

        /// <summary>The version that is certain when a step begins; null when nothing is known of it.</summary>
        public int? At(Entry entry)
        {
            for (var i = Migrations.Count - 1; i >= 0; i--)
            {
                if (Migrations[i].Step.IsDoneBefore(entry))
                    return Migrations[i].Reaches;
            }
            // Before the first migration it is at most the version before the one that is reached.
            return Known ?? (Migrations.Count > 0 ? Migrations[0].Reaches - 1 : null);
        }
    }
}
