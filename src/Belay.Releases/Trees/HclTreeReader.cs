using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Formats;

namespace Belay.Releases.Trees;

/// <summary>Reads HCL (variable files, and bodies of blocks) into a tree that keeps every byte. Expressions are compared as they are written.</summary>
internal sealed partial class HclTreeReader
{
    private readonly string text;

    private HclTreeReader(string text) => this.text = text;

    /// <exception cref="ValueFormatException">The text is no HCL, or an attribute stands twice.</exception>
    public static TreeNode.Branch Read(string text)
    {
        var reader = new HclTreeReader(text);
        return LineTree.Root(text, reader.Items(HclReader.Read(text)));
    }

    private ImmutableArray<LineItem> Items(HclBody body)
    {
        var twice = body.Attributes.GroupBy(a => a.Name).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
            throw Unfit(twice.Last().At, $"'{twice.Key}' stands twice");
        var items = body.Attributes.Select(Item).Concat(body.Blocks.Select(Item)).OrderBy(item => item.Start);
        var line = -1;
        foreach (var item in items)
        {
            if (SourceLines.StartOf(text, item.Start) == line)
                throw Unfit(item.Start, "two attributes stand in one line");
            line = SourceLines.StartOf(text, item.End);
        }
        return [.. items];
    }

    private LineItem Item(HclAttribute attribute) =>
        new(attribute.Name, attribute.At, attribute.Head, ValueOf(attribute), attribute.To);

    private LineItem Item(HclBlock block)
    {
        var end = block.Body.Close!.Value + 1;
        var isLines = HasOwnLines(block.Open, block.Body);
        return new LineItem(
            string.Join(' ', block.Path),
            block.At,
            block.Open,
            isLines
                ? LineTree.Of(text, block.Open, SourceLines.After(text, block.Open), Items(block.Body), end)
                : Whole(block.Open, block.Open, end),
            end
        );
    }

    private TreeNode ValueOf(HclAttribute attribute)
    {
        if (attribute.Inner is { } inner)
            return HasOwnLines(attribute.From + 1, inner)
                ? LineTree.Of(text, attribute.Head, SourceLines.After(text, attribute.From), Items(inner), attribute.To)
                : OneLine(attribute, inner);
        if (attribute.Elements is not { } elements)
            return Whole(attribute.Head, attribute.From, attribute.To);
        var items = elements.Select(
            (element, i) =>
                new InlineItem(
                    i.ToString(CultureInfo.InvariantCulture),
                    element.From,
                    element.From,
                    Whole(element.From, element.From, element.To),
                    element.To
                )
        );
        return InlineReader.Read(text, attribute.Head, attribute.From, isList: true, [.. items], comment: "//");
    }

    // "{ a = 1, b = 2 }"; without commas, or over lines of several entries, it is a value as a whole.
    private TreeNode OneLine(HclAttribute attribute, HclBody inner)
    {
        var raw = text.AsSpan(attribute.From, attribute.To - attribute.From);
        var members = inner.Attributes;
        if (raw.Contains('\n') || !inner.Blocks.IsEmpty || raw.Count(',') < members.Length - 1)
            return Whole(attribute.Head, attribute.From, attribute.To);
        return InlineReader.Read(
            text,
            attribute.Head,
            attribute.From,
            isList: false,
            [.. members.Select(m => new InlineItem(m.Name, m.At, m.Head, Whole(m.Head, m.From, m.To), m.To))],
            comment: "//"
        );
    }

    private TreeNode.Leaf Whole(int from, int start, int end) =>
        new(text[from..start], text[start..end], Blanks().Replace(text[start..end], " "));

    // Each entry, and the closing brace, begins a line; nothing but a comment stands behind the opening one.
    private bool HasOwnLines(int open, HclBody body)
    {
        var starts = body
            .Attributes.Select(a => a.At)
            .Concat(body.Blocks.Select(b => b.At))
            .Append(body.Close!.Value)
            .ToArray();
        return starts.Min() >= SourceLines.After(text, open)
            && Array.TrueForAll(
                starts,
                start =>
                    text.AsSpan(SourceLines.StartOf(text, start), start - SourceLines.StartOf(text, start))
                        .Trim()
                        .IsEmpty
            );
    }

    private ValueFormatException Unfit(int place, string what) =>
        new("HCL that is edited in place", what, SourceLines.NumberOf(text, place), SourceLines.ColumnOf(text, place));

    [GeneratedRegex(@"[ \t]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
