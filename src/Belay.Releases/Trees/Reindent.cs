using System.Text;

namespace Belay.Releases.Trees;

/// <summary>Moves parts of a text to another depth: what began its lines with one indentation begins them with another.</summary>
internal static class Reindent
{
    /// <summary>An entry of a branch with lines, moved.</summary>
    public static Entry Of(Entry entry, string from, string to) =>
        from == to
            ? entry
            : entry with
            {
                Before = Lines(entry.Before, from, to, isLineStart: true),
                Value = Of(entry.Value, from, to),
                After = Lines(entry.After, from, to, isLineStart: false),
            };

    /// <summary>A value, moved.</summary>
    public static TreeNode Of(TreeNode node, string from, string to) =>
        from == to
            ? node
            : node switch
            {
                TreeNode.Leaf leaf => leaf with
                {
                    Lead = Lines(leaf.Lead, from, to, isLineStart: false),
                    Raw = Lines(leaf.Raw, from, to, isLineStart: false),
                },
                TreeNode.Branch branch => Of(branch, from, to),
                _ => throw new InvalidOperationException($"a node of no known kind: {node.GetType().Name}"),
            };

    /// <summary>A branch, moved.</summary>
    public static TreeNode.Branch Of(TreeNode.Branch branch, string from, string to) =>
        from == to
            ? branch
            : branch with
            {
                Open = Lines(branch.Open, from, to, isLineStart: false),
                Indent = Start(branch.Indent, from, to),
                Close = Lines(branch.Close, from, to, isLineStart: !branch.IsInline),
                Entries = [.. branch.Entries.Select(entry => Of(entry, from, to))],
            };

    private static string Start(string indent, string from, string to) =>
        indent.StartsWith(from, StringComparison.Ordinal) ? to + indent[from.Length..] : indent;

    private static string Lines(string text, string from, string to, bool isLineStart)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) && !isLineStart)
            return text;
        var moved = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var end = text.IndexOf('\n', at);
            var line = text[at..(end < 0 ? text.Length : end + 1)];
            moved.Append((at > 0 || isLineStart) && line.Trim().Length > 0 ? Start(line, from, to) : line);
            at += line.Length;
        }
        return moved.ToString();
    }
}
