using System.Collections.Immutable;

namespace Belay.Releases.Trees;

/// <summary>An entry between brackets and commas.</summary>
/// <param name="Id">By what it is known.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Head">What lies behind its key and the sign after that.</param>
/// <param name="Value">Its value, from there on.</param>
/// <param name="End">What lies behind its value.</param>
internal sealed record InlineItem(string Id, int Start, int Head, TreeNode Value, int End);

/// <summary>Makes a branch of entries between brackets and commas, with all that stands between them.</summary>
internal static class InlineReader
{
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where the branch's text begins, before its bracket.</param>
    /// <param name="open">Where its opening bracket stands.</param>
    /// <param name="isList">Whether its entries have no names.</param>
    /// <param name="items">Its entries.</param>
    /// <param name="comment">What begins a comment up to the end of a line.</param>
    public static TreeNode.Branch Read(
        string text,
        int from,
        int open,
        bool isList,
        ImmutableArray<InlineItem> items,
        string comment
    )
    {
        var entries = ImmutableArray.CreateBuilder<Entry>(items.Length);
        var (previous, endsWithComma) = (open + 1, false);
        foreach (var item in items)
        {
            var next = Next(text, item.End, comment);
            endsWithComma = next < text.Length && text[next] == ',';
            entries.Add(
                new Entry
                {
                    Id = item.Id,
                    At = item.Start,
                    Before = text[previous..item.Start],
                    Head = text[item.Start..item.Head],
                    Value = item.Value,
                    After = endsWithComma ? text[item.End..next] : "",
                }
            );
            previous = endsWithComma ? next + 1 : item.End;
        }
        return new TreeNode.Branch
        {
            IsList = isList,
            IsInline = true,
            Open = text[from..(open + 1)],
            Close = text[previous..EndOf(text, open, items, comment)],
            EndsWithComma = endsWithComma,
            Entries = entries.ToImmutable(),
        };
    }

    /// <summary>What lies behind the closing bracket.</summary>
    public static int EndOf(string text, int open, ImmutableArray<InlineItem> items, string comment)
    {
        var next = Next(text, items.IsEmpty ? open + 1 : items[^1].End, comment);
        if (next < text.Length && text[next] == ',')
            next = Next(text, next + 1, comment);
        return Math.Min(next + 1, text.Length);
    }

    // The next character that is neither blank nor in a comment.
    private static int Next(string text, int at, string comment)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (text.AsSpan(at).StartsWith(comment) || (comment != "#" && text[at] == '#'))
                at = SourceLines.After(text, at);
            else if (comment != "#" && text.AsSpan(at).StartsWith("/*"))
                at = text.IndexOf("*/", at + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : text.Length;
            else
                return at;
        }
        return at;
    }
}
