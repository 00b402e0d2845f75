namespace Belay.Releases.Comparing;

/// <summary>Tells what is gone, new, in both, or renamed.</summary>
internal static class Pairing
{
    /// <summary>A thing of the old and the same of the new release; one of them null: it is only in the other.</summary>
    public sealed record Pair<T>(string Name, T? Old, T? New, bool IsRenamed)
        where T : class;

    /// <param name="old">The things of the old release.</param>
    /// <param name="now">The things of the new release.</param>
    /// <param name="name">Its name; of several of one name the first counts.</param>
    /// <param name="meaning">What it holds, for likeness; null: nothing is taken for renamed.</param>
    public static IEnumerable<Pair<T>> Of<T>(
        IEnumerable<T> old,
        IEnumerable<T> now,
        Func<T, string> name,
        Func<T, string>? meaning = null
    )
        where T : class
    {
        var (o, n) = (ByName(old, name), ByName(now, name));
        var gone = o.Where(pair => !n.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal);
        var come = n.Where(pair => !o.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in n)
        {
            if (o.TryGetValue(key, out var before))
                yield return new Pair<T>(key, before, value, IsRenamed: false);
        }
        foreach (var (key, value) in come.ToArray())
        {
            if (meaning is null)
                break;
            var likely = Likeness.Best(
                new Likeness.Thing(key, meaning(value)),
                gone.Select(g => new Likeness.Thing(g.Key, meaning(g.Value)))
            );
            if (likely is null)
                continue;
            yield return new Pair<T>(key, gone[likely], value, IsRenamed: true);
            gone.Remove(likely);
            come.Remove(key);
        }
        foreach (var (key, value) in come)
            yield return new Pair<T>(key, null, value, IsRenamed: false);
        foreach (var (key, value) in gone)
            yield return new Pair<T>(key, value, null, IsRenamed: false);
    }

    private static Dictionary<string, T> ByName<T>(IEnumerable<T> things, Func<T, string> name)
        where T : class
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var thing in things)
            found.TryAdd(name(thing), thing);
        return found;
    }
}
