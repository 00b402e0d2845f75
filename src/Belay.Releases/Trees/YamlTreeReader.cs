using System.Collections.Immutable;
using System.Globalization;
using Belay.Formats;
using YamlDotNet.Core;

namespace Belay.Releases.Trees;

/// <summary>Reads YAML of one document into a tree that keeps every byte.</summary>
internal sealed class YamlTreeReader
{
    private readonly string text;
    private int at;

    private YamlTreeReader(string text) => this.text = text;

    /// <exception cref="ValueFormatException">The text is no YAML, or of a shape that is not edited in place.</exception>
    public static TreeNode.Branch Read(string text)
    {
        YamlNode? root;
        try
        {
            root = YamlNode.Read(text);
        }
        catch (YamlException e)
        {
            throw new ValueFormatException("YAML", "the parser stops there", (int)e.Start.Line, (int)e.Start.Column);
        }
        return root is null or YamlScalar { Value: "" } ? Empty(text) : new YamlTreeReader(text).ReadRoot(root);
    }

    private static TreeNode.Branch Empty(string text) =>
        new()
        {
            IsList = false,
            IsInline = false,
            Open = text,
            Close = "",
            Entries = [],
        };

    private TreeNode.Branch ReadRoot(YamlNode root)
    {
        if (root is YamlScalar or YamlAlias)
            throw Unfit(root.Start, "the file is a single value, and has no keys");
        if (root is YamlMapping { IsFlow: true } or YamlSequence { IsFlow: true })
        {
            var flow = ReadFlow(root);
            return flow with { Close = flow.Close + text[at..] };
        }
        var block = ReadBlock(root, parent: -1, isRoot: true);
        return block with { Close = block.Close + text[at..] };
    }

    /// <summary>Reads a value that begins at or after the present place, and leaves the place behind it.</summary>
    private TreeNode ReadValue(YamlNode node, int column) =>
        node switch
        {
            YamlScalar scalar => ReadScalar(scalar, column),
            YamlAlias alias => Take(alias.Start, alias.End, text[alias.Start..alias.End]),
            YamlMapping { IsFlow: true } or YamlSequence { IsFlow: true } => ReadFlow(node),
            _ => ReadBlock(node, column, isRoot: false),
        };

    private TreeNode.Leaf ReadScalar(YamlScalar scalar, int column)
    {
        if (scalar.Value.Length == 0 && scalar.Style == ScalarStyle.Plain && !scalar.IsDecorated)
            return new TreeNode.Leaf("", "", "p:");
        var start = scalar.IsDecorated ? text.AsSpan(at).IndexOfAny('&', '!') + at : scalar.Start;
        var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var end =
            isBlock ? BlockEnd(start, column)
            : scalar.Value.Length == 0 && scalar.Style == ScalarStyle.Plain ? SkipWord(start)
            : scalar.End;
        while (end > start && text[end - 1] is ' ' or '\t' or '\r' or '\n')
            end--;
        var raw = text[start..end];
        return Take(start, end, scalar.IsDecorated ? $"d:{raw}" : MeaningOf(scalar));
    }

    private static string MeaningOf(YamlScalar scalar) =>
        scalar.Style == ScalarStyle.Plain && YamlFormat.IsOtherType(scalar.Value)
            ? scalar.Value is "~" or "null" or "Null" or "NULL"
                ? "p:"
                : $"p:{scalar.Value}"
            : $"s:{scalar.Value}";

    // The properties of a value that is nothing: "&anchor" and "!tag" stand alone.
    private int SkipWord(int start)
    {
        var end = text.AsSpan(start).IndexOfAny('\n', '#');
        return end < 0 ? text.Length : start + end;
    }

    // A block of text ends before the first line that is not indented deeper than its key.
    private int BlockEnd(int start, int column)
    {
        var end = SourceLines.After(text, start);
        for (var line = end; line < text.Length; line = SourceLines.After(text, line))
        {
            var indent = text.AsSpan(line).IndexOfAnyExcept(' ');
            var isBlank = indent < 0 || text[line + indent] is '\n' or '\r';
            if (!isBlank && indent <= column)
                break;
            if (!isBlank)
                end = SourceLines.After(text, line);
        }
        return end;
    }

    private TreeNode.Leaf Take(int start, int end, string meaning)
    {
        var lead = text[at..start];
        at = end;
        return new TreeNode.Leaf(lead, text[start..end], meaning);
    }

    private TreeNode.Branch ReadBlock(YamlNode node, int parent, bool isRoot)
    {
        var from = at;
        var first = node is YamlMapping mapping ? mapping.Members[0].KeyStart : FindDash(isRoot ? 0 : from);
        var line = SourceLines.StartOf(text, first);
        var beginsInline = !isRoot && line < from;
        var open = beginsInline ? first : SourceLines.After(text, from);
        if (isRoot)
            open = SourceLines.Header(text.AsSpan(0, line));
        var indent = beginsInline ? new string(' ', first - line) : text[line..first];
        if (indent.Trim(' ').Length > 0 || (!beginsInline && open > line))
            throw Unfit(first, "the first key does not stand at the beginning of its line");
        at = beginsInline ? first : open;
        var entries = node switch
        {
            YamlMapping map => ReadMembers(map, indent.Length),
            YamlSequence list => ReadElements(list, indent.Length),
            _ => throw Unfit(node.Start, "neither a map nor a list"),
        };
        var close = at;
        at = TrailingComments(parent);
        return new TreeNode.Branch
        {
            IsList = node is YamlSequence,
            IsInline = false,
            Indent = indent,
            BeginsInline = beginsInline,
            Open = text[from..open],
            Close = text[close..at],
            Entries = entries,
        };
    }

    private ImmutableArray<Entry> ReadMembers(YamlMapping map, int column)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in map.Members)
        {
            var name = NameOf(member, known);
            var colon = member.KeyEnd + text.AsSpan(member.KeyEnd).IndexOfAnyExcept(' ', '\t');
            if (colon >= text.Length || text[colon] != ':')
                throw Unfit(member.KeyStart, "a key without a colon directly behind it");
            entries.Add(ReadEntry(name, member.KeyStart, colon + 1, member.Value, column));
        }
        return entries.ToImmutable();
    }

    private ImmutableArray<Entry> ReadElements(YamlSequence list, int column)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        foreach (var element in list.Elements)
        {
            var dash = FindDash(at);
            var id = entries.Count.ToString(CultureInfo.InvariantCulture);
            entries.Add(ReadEntry(id, dash, dash + 1, element, column));
        }
        return entries.ToImmutable();
    }

    private Entry ReadEntry(string id, int start, int head, YamlNode value, int column)
    {
        var line = SourceLines.StartOf(text, start);
        var before = line > at ? text[at..line] : "";
        at = head;
        var node = ReadValue(value, column);
        var after = at;
        // A block ends where a line begins; behind everything else the rest of its line follows.
        if (node is not TreeNode.Branch { IsInline: false })
        {
            at = SourceLines.After(text, at);
            at = TrailingComments(column);
        }
        return new Entry
        {
            Id = id,
            At = start,
            Before = before,
            Head = text[start..head],
            Value = node,
            After = text[after..at],
        };
    }

    /// <summary>Where the comments end that are indented deeper than a column, and so belong to what stands above them.</summary>
    private int TrailingComments(int column)
    {
        var end = at;
        for (var line = at; line < text.Length; line = SourceLines.After(text, line))
        {
            var indent = text.AsSpan(line).IndexOfAnyExcept(' ', '\t');
            if (indent < 0)
                break;
            if (text[line + indent] is '\n' or '\r')
                continue;
            if (text[line + indent] != '#' || indent <= column)
                break;
            end = SourceLines.After(text, line);
        }
        return end;
    }

    private int FindDash(int from)
    {
        for (var place = from; place < text.Length; )
        {
            if (text[place] == '-' && !text.AsSpan(place).StartsWith("---"))
                return place;
            if (text[place] is ' ' or '\n' or '\r' or '\t')
                place++;
            else
                place = SourceLines.After(text, place);
        }
        throw Unfit(from, "a list whose dashes cannot be found");
    }

    private TreeNode.Branch ReadFlow(YamlNode node)
    {
        var isList = node is YamlSequence;
        var open = text.IndexOf(isList ? '[' : '{', at);
        var items = node switch
        {
            YamlMapping map => ReadFlowMembers(map),
            YamlSequence list => ReadFlowElements(list),
            _ => throw Unfit(node.Start, "neither a map nor a list"),
        };
        var branch = InlineReader.Read(text, at, open, isList, items, comment: "#");
        at = InlineReader.EndOf(text, open, items, comment: "#");
        return branch;
    }

    private ImmutableArray<InlineItem> ReadFlowMembers(YamlMapping map)
    {
        var items = ImmutableArray.CreateBuilder<InlineItem>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var outer = at;
        foreach (var member in map.Members)
        {
            var name = NameOf(member, known);
            var colon = member.KeyEnd + Math.Max(0, text.AsSpan(member.KeyEnd).IndexOfAnyExcept(' ', '\t', '\n'));
            var hasColon = colon < text.Length && text[colon] == ':';
            at = hasColon ? colon + 1 : member.KeyEnd;
            var value = hasColon ? ReadValue(member.Value, column: 0) : new TreeNode.Leaf("", "", "p:");
            items.Add(new InlineItem(name, member.KeyStart, hasColon ? colon + 1 : member.KeyEnd, value, at));
        }
        at = outer;
        return items.ToImmutable();
    }

    private ImmutableArray<InlineItem> ReadFlowElements(YamlSequence list)
    {
        var items = ImmutableArray.CreateBuilder<InlineItem>();
        var outer = at;
        foreach (var element in list.Elements)
        {
            at = element.Start;
            // "[a: 1]" is a list with a map that has no brackets of its own.
            var value =
                element is YamlMapping && text[element.Start] != '{'
                    ? Take(element.Start, element.End, $"d:{text[element.Start..element.End].TrimEnd()}")
                    : ReadValue(element, column: 0);
            var id = items.Count.ToString(CultureInfo.InvariantCulture);
            items.Add(new InlineItem(id, element.Start, element.Start, value, at));
        }
        at = outer;
        return items.ToImmutable();
    }

    private string NameOf(YamlMember member, HashSet<string> known)
    {
        if (member.Name is not { } name || text[member.KeyStart] == '?')
            throw Unfit(member.KeyStart, "a key that is no single value");
        return known.Add(name) ? name : throw Unfit(member.KeyStart, $"the key '{name}' stands twice in one map");
    }

    private ValueFormatException Unfit(int place, string what) =>
        new("YAML that is edited in place", what, SourceLines.NumberOf(text, place), SourceLines.ColumnOf(text, place));
}
