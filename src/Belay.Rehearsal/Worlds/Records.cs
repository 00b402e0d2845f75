using System.Collections.Immutable;

namespace Belay.Rehearsal.Worlds;

/// <summary>The writes of clients: numbered as they are acknowledged, and which store and which backup holds which.</summary>
internal sealed class Records(Scenery scenery)
{
    private readonly Dictionary<string, int> acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableHashSet<int>> held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Backup> backups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableHashSet<int>> given = new(StringComparer.Ordinal);

    /// <summary>What a backup holds.</summary>
    /// <param name="Store">Of which store.</param>
    /// <param name="Held">The writes in it.</param>
    /// <param name="Until">The last write acknowledged before it.</param>
    /// <param name="Schema">The schema at that moment.</param>
    /// <param name="IsProven">It was restored and compared.</param>
    public sealed record Backup(string Store, ImmutableHashSet<int> Held, int Until, string? Schema, bool IsProven);

    /// <summary>Records of its own that hold what these hold.</summary>
    public Records Fork()
    {
        var fork = new Records(scenery);
        Copy(acknowledged, fork.acknowledged);
        Copy(held, fork.held);
        Copy(backups, fork.backups);
        Copy(given, fork.given);
        return fork;
    }

    public ImmutableHashSet<int> Of(string store) => held.GetValueOrDefault(store, []);

    public Backup? FindBackup(string step) => backups.GetValueOrDefault(step);

    /// <summary>Clients write: the store of record has it at once, a copy a moment later.</summary>
    public void Write(World world)
    {
        foreach (var store in scenery.Stores)
        {
            if (!world.Takes(store))
                continue;
            var number = acknowledged[DataOf(store)] = acknowledged.GetValueOrDefault(DataOf(store)) + 1;
            foreach (var copy in CopiesOf(store, world))
                CatchUp(copy, world);
            held[store] = Of(store).Add(number);
        }
    }

    /// <summary>What was written to a store since a backup of it.</summary>
    public int Since(Backup backup) => acknowledged.GetValueOrDefault(DataOf(backup.Store)) - backup.Until;

    /// <summary>Every copy of a store that is quiet has all of it.</summary>
    public void Quieten(string store, World world)
    {
        foreach (var copy in CopiesOf(store, world))
            CatchUp(copy, world);
    }

    /// <summary>A copy takes over what its source holds.</summary>
    public void CatchUp(string copy, World world)
    {
        var all = Of(world[new(copy, Aspect.Follows)]);
        held[copy] = world.Is(copy, Aspect.Incomplete) && all.Count > 0 ? all.Remove(all.Min()) : all;
    }

    public void Empty(string store) => held[store] = [];

    /// <summary>A store takes over, besides its own, what another one holds.</summary>
    public void CarryOver(string from, string to) => held[to] = Of(to).Union(Of(from));

    public void Save(string step, Backup backup) => backups[step] = backup;

    public void Drop(string step) => backups.Remove(step);

    /// <summary>Brings a store back; what was written since is given up, as a person accepted.</summary>
    public void Restore(Backup backup)
    {
        var data = DataOf(backup.Store);
        var since = Enumerable.Range(backup.Until + 1, Since(backup));
        given[data] = given.GetValueOrDefault(data, []).Union(since);
        held[backup.Store] = backup.Held;
    }

    /// <summary>Data of which a store of record lacks writes that nobody gave up.</summary>
    public IEnumerable<(string Store, int Lost)> Lost(World world)
    {
        foreach (var (data, count) in acknowledged)
        {
            var writers = scenery.Stores.Where(store => DataOf(store) == data && world.Takes(store)).ToArray();
            var kept = writers.Aggregate(given.GetValueOrDefault(data, []), (all, store) => all.Union(Of(store)));
            if (Enumerable.Range(1, count).Count(number => !kept.Contains(number)) is > 0 and var lost)
                yield return (writers.FirstOrDefault() ?? data, lost);
        }
    }

    /// <summary>What of all this can matter later; the numbers themselves cannot.</summary>
    public string Signature()
    {
        var stores = scenery.Stores.Select(store =>
            acknowledged.GetValueOrDefault(DataOf(store)) - Of(store).Count is var missing && missing <= 1 ? 'w'
            : Of(store).IsEmpty ? 'e'
            : 'm'
        );
        return string.Concat(stores)
            + (given.Count > 0 ? "-" : "")
            + string.Join(',', backups.Keys.Order(StringComparer.Ordinal));
    }

    private string DataOf(string store) => scenery.DataOf(store);

    private IEnumerable<string> CopiesOf(string store, World world) =>
        scenery.Stores.Where(copy => world[new(copy, Aspect.Follows)] == store);

    private static void Copy<T>(Dictionary<string, T> from, Dictionary<string, T> to)
    {
        foreach (var (key, value) in from)
            to.Add(key, value);
    }
}
