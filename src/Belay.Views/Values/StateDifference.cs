using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Views.Values;

/// <summary>What differs between the state before a change and the state after it.</summary>
internal static class StateDifference
{
    /// <summary>The values that are not the same, in the order of the states; a side that has none is null. A secret that changed is told as such.</summary>
    public static ImmutableArray<ChangedValue> Between(JsonElement before, JsonElement after)
    {
        var old = Index(before);
        var now = Index(after);
        return
        [
            .. old
                .Keys.Concat(now.Keys.Where(path => !old.ContainsKey(path)))
                .Select(path => (Path: path, Old: old.GetValueOrDefault(path), Now: now.GetValueOrDefault(path)))
                .Where(pair => pair.Old != pair.Now)
                .Select(pair => new ChangedValue(pair.Path, pair.Old?.Value, NowOf(pair.Old, pair.Now))),
        ];
    }

    private static string? NowOf(Leaf? old, Leaf? now) =>
        old is { Seal: not null } && now is { Seal: not null } ? "another (secret)" : now?.Value;

    private static Dictionary<string, Leaf> Index(JsonElement state)
    {
        var index = new Dictionary<string, Leaf>(StringComparer.Ordinal);
        foreach (var leaf in JsonLeaves.Of(state))
            index[leaf.Path] = leaf;
        return index;
    }
}

/// <summary>A value of a state before and after.</summary>
internal sealed record ChangedValue(string Path, string? Before, string? After);
