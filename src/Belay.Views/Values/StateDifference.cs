using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Views.Values;

/// <summary>What differs between the state before a change and the state after it.</summary>
internal static class StateDifference
{
    /// <summary>The values that are not the same, in the order of the states; a side that has none is null.</summary>
    public static ImmutableArray<ChangedValue> Between(JsonElement before, JsonElement after)
    {
        var old = Index(before);
        var now = Index(after);
        return
        [
            .. old
                .Keys.Concat(now.Keys.Where(path => !old.ContainsKey(path)))
                .Select(path => new ChangedValue(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
                .Where(value => !string.Equals(value.Before, value.After, StringComparison.Ordinal)),
        ];
    }

    private static Dictionary<string, string> Index(JsonElement state)
    {
        var index = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var leaf in JsonLeaves.Of(state))
            index[leaf.Path] = leaf.Value;
        return index;
    }
}

/// <summary>A value of a state before and after.</summary>
internal sealed record ChangedValue(string Path, string? Before, string? After);
