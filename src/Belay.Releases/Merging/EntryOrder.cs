using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>The order of merged entries: the operator's, unless only the new release changed it; what one side alone has stands behind its neighbour there.</summary>
internal static class EntryOrder
{
    public static List<string> Of(
        TreeNode.Branch? old,
        TreeNode.Branch mine,
        TreeNode.Branch theirs,
        Func<string, bool> isThere
    )
    {
        var (m, n) = (Ids(mine), Ids(theirs));
        var common = m.Intersect(n).ToHashSet(StringComparer.Ordinal);
        var o = old is null ? [] : Ids(old).Where(common.Contains).ToList();
        var isTheirs =
            o.Count == common.Count
            && o.SequenceEqual(m.Where(common.Contains))
            && !o.SequenceEqual(n.Where(common.Contains));
        var (frame, others) = isTheirs ? (n, m) : (m, n);
        var order = frame.Where(isThere).ToList();
        Insert(order, others.Where(isThere).ToList());
        return order;
    }

    private static void Insert(List<string> order, List<string> others)
    {
        var known = order.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < others.Count; i++)
        {
            if (!known.Add(others[i]))
                continue;
            // All before it are in the order already.
            order.Insert(i == 0 ? 0 : order.IndexOf(others[i - 1]) + 1, others[i]);
        }
    }

    private static List<string> Ids(TreeNode.Branch branch) => [.. branch.Entries.Select(entry => entry.Id)];
}
