using System.Collections.Immutable;

namespace Belay.Releases.Trees;

/// <summary>An entry that begins on a line of its own.</summary>
/// <param name="Id">By what it is known; made unique when it stands twice.</param>
/// <param name="Start">Where it begins, blanks before it left out.</param>
/// <param name="Head">What lies behind its key and the sign after that.</param>
/// <param name="Value">Its value, from there on.</param>
/// <param name="End">What lies behind its value.</param>
internal sealed record LineItem(string Id, int Start, int Head, TreeNode Value, int End);

/// <summary>Makes a branch of entries that each begin on a line of their own.</summary>
internal static class LineTree
{
    /// <summary>The root of a file.</summary>
    public static TreeNode.Branch Root(string text, ImmutableArray<LineItem> items)
    {
        var header = items.IsEmpty
            ? text.Length
            : SourceLines.Header(text.AsSpan(0, SourceLines.StartOf(text, items[0].Start)));
        return Of(text, 0, header, items, text.Length);
    }

    /// <param name="text">The whole text.</param>
    /// <param name="from">Where the branch's text begins.</param>
    /// <param name="open">Where the lines of its first entry begin.</param>
    /// <param name="items">Its entries.</param>
    /// <param name="end">What lies behind its closing bracket.</param>
    public static TreeNode.Branch Of(string text, int from, int open, ImmutableArray<LineItem> items, int end)
    {
        var indent = items.IsEmpty ? "" : Blanks(text, items[0]);
        foreach (var item in items)
        {
            var own = Blanks(text, item);
            indent = indent[..indent.AsSpan().CommonPrefixLength(own)];
        }
        var entries = ImmutableArray.CreateBuilder<Entry>(items.Length);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var at = open;
        foreach (var item in items)
        {
            var line = SourceLines.StartOf(text, item.Start);
            var after = SourceLines.After(text, item.End);
            entries.Add(
                new Entry
                {
                    Id = Unique(item.Id, known),
                    At = item.Start,
                    Before = text[at..line],
                    Head = text[(line + indent.Length)..item.Head],
                    Value = item.Value,
                    After = text[item.End..after],
                }
            );
            at = after;
        }
        return new TreeNode.Branch
        {
            IsList = false,
            IsInline = false,
            Indent = indent,
            Open = text[from..open],
            Close = text[at..end],
            Entries = entries.ToImmutable(),
        };
    }

    private static string Blanks(string text, LineItem item) => text[SourceLines.StartOf(text, item.Start)..item.Start];

    private static string Unique(string id, HashSet<string> known)
    {
        var unique = id;
        for (var i = 2; !known.Add(unique); i++)
            unique = $"{id}#{i}";
        return unique;
    }
}
