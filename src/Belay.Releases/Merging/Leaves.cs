using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>A single value in a tree.</summary>
/// <param name="Key">The way to it, for people.</param>
/// <param name="Way">The way to it as an editor of single values goes it: names, and places in lists.</param>
/// <param name="Value">The value.</param>
/// <param name="At">Where its entry begins.</param>
internal sealed record LeafAt(KeyPath Key, IReadOnlyList<string> Way, TreeNode.Leaf Value, int At);

/// <summary>Walks a tree.</summary>
internal static class Leaves
{
    /// <summary>All single values of a tree.</summary>
    public static IEnumerable<LeafAt> Of(TreeNode.Branch tree, KeyPath path) => Of(tree, path, []);

    private static IEnumerable<LeafAt> Of(TreeNode.Branch tree, KeyPath path, string[] way)
    {
        var named = tree.IsList && ListKeys.Of(tree) is { } keys ? keys.Of(tree) : tree;
        for (var i = 0; i < tree.Entries.Length; i++)
        {
            var entry = tree.Entries[i];
            var key = path.Then(named.Entries[i].Id, tree.IsList);
            string[] next = [.. way, entry.Id];
            if (entry.Value is TreeNode.Leaf leaf)
                yield return new LeafAt(key, next, leaf, entry.At);
            if (entry.Value is TreeNode.Branch branch)
                foreach (var inner in Of(branch, key, next))
                    yield return inner;
        }
    }
}
