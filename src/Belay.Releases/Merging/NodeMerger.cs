using Belay.Releases.Comparing;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>Merges three trees: what one side alone changed is taken, what both changed is a conflict.</summary>
/// <param name="settling">Collects what becomes of keys.</param>
/// <param name="placeholders">Tells what a person has to fill in.</param>
/// <param name="fresh">The single values that only the new template has.</param>
/// <param name="mineText">The operator's text, for lines.</param>
/// <param name="newText">The new template's text, for lines.</param>
internal sealed class NodeMerger(
    Settling settling,
    Placeholders placeholders,
    IReadOnlyList<Likeness.Thing> fresh,
    string mineText,
    string newText
)
{
    /// <summary>What a key that the new template does not have may be called there; null when nothing is alike.</summary>
    public string? PerhapsNow(KeyPath key, TreeNode old) =>
        Likeness.Best(new Likeness.Thing(key.ToString(), old.Meaning), fresh);

    public string MineText => mineText;

    public string NewText => newText;

    public Settling Settling => settling;

    /// <summary>Merges the values of one key that the operator's file and the new template have.</summary>
    public TreeNode Merge(TreeNode? old, Entry mine, Entry theirs, KeyPath key)
    {
        var (m, n) = (mine.Value, theirs.Value);
        if (m.Text == n.Text)
            return m;
        if (old is not null && n.Text == old.Text)
            return Kept(old, m, key);
        if (old is not null && m.Text == old.Text)
            return Updated(old, n, key);
        if (m is TreeNode.Branch a && n is TreeNode.Branch b && BranchMerger.IsAlike(a, b))
            return new BranchMerger(this, key).Merge(old as TreeNode.Branch, a, b, mine, theirs);
        if (m.Meaning == n.Meaning)
            return m;
        if (old is not null && n.Meaning == old.Meaning)
            return Kept(old, m, key);
        if (old is not null && m.Meaning == old.Meaning)
            return Updated(old, n, key);
        // What a person had to fill in is filled in, or still to be: no question.
        if ((placeholders.IsIn(n) || placeholders.IsIn(old)) && !placeholders.IsIn(m))
            return Kept(old, m, key);
        if (placeholders.IsIn(m) && !placeholders.IsIn(n))
            return Updated(old, n, key);
        return Settle(old, mine, theirs, key) == Take.New ? n : m;
    }

    /// <summary>Asks how a conflict of two values is settled.</summary>
    public Take Settle(TreeNode? old, Entry mine, Entry theirs, KeyPath key) =>
        settling.Settle(
            new MergeConflict
            {
                Key = key.ToString(),
                Kind = old is null ? ConflictKind.BothAdded : ConflictKind.BothChanged,
                Old = Words(old),
                Mine = Words(mine.Value),
                New = Words(theirs.Value),
                MineLine = SourceLines.NumberOf(mineText, mine.At),
                NewLine = SourceLines.NumberOf(newText, theirs.At),
                IsList =
                    mine.Value is TreeNode.Branch { IsList: true } && theirs.Value is TreeNode.Branch { IsList: true },
            }
        );

    /// <summary>A value as a person is shown it: in one line, and not all of a long one.</summary>
    public static string? Words(TreeNode? node)
    {
        if (node is null)
            return null;
        var raw = string.Join(
            ' ',
            node.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        );
        return raw.Length <= 200 ? raw : $"{raw[..197]}...";
    }

    private TreeNode Kept(TreeNode? old, TreeNode node, KeyPath key)
    {
        Differences.Kept(settling).Note(old, node, key);
        return node;
    }

    private TreeNode Updated(TreeNode? old, TreeNode node, KeyPath key)
    {
        Differences.Updated(settling).Note(old, node, key);
        return node;
    }
}
