using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Belay.Formats;

namespace Belay.Releases.Trees;

/// <summary>Reads JSON, with comments and trailing commas where they stand, into a tree that keeps every byte.</summary>
internal sealed class JsonTreeReader
{
    private readonly string text;
    private int at;

    private JsonTreeReader(string text) => this.text = text;

    /// <exception cref="ValueFormatException">The text is no JSON, or neither an object nor a list.</exception>
    public static TreeNode.Branch Read(string text)
    {
        try
        {
            // The platform's reader proves that the whole text is well-formed before any of it is trusted.
            var whole = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), JsonWalk.Options);
            while (whole.Read()) { }
        }
        catch (JsonException e)
        {
            throw JsonFormat.Wrong(e);
        }
        var reader = new JsonTreeReader(text);
        reader.Skip();
        if (text[reader.at] is not ('{' or '['))
            throw new ValueFormatException("JSON object", "the file is a single value, and has no keys", 1, 1);
        var root = reader.ReadBranch(from: 0);
        return root with { Close = root.Close + text[reader.at..] };
    }

    private TreeNode ReadValue(int from)
    {
        Skip();
        if (text[at] is '{' or '[')
            return ReadBranch(from);
        var start = at;
        if (text[at] == '"')
            SkipString();
        while (at < text.Length && text[at] is not (',' or '}' or ']' or '/') && !char.IsWhiteSpace(text[at]))
            at++;
        var raw = text[start..at];
        return new TreeNode.Leaf(text[from..start], raw, raw[0] == '"' ? $"s:{Decoded(raw)}" : $"p:{raw}");
    }

    private TreeNode.Branch ReadBranch(int from)
    {
        var open = at++;
        var isList = text[open] == '[';
        var items = ImmutableArray.CreateBuilder<InlineItem>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (Skip(); text[at] is not ('}' or ']'); Skip())
        {
            items.Add(isList ? ReadElement(items.Count) : ReadMember(known));
            Skip();
            if (text[at] == ',')
                at++;
        }
        at++;
        return InlineReader.Read(text, from, open, isList, items.ToImmutable(), comment: "//");
    }

    private InlineItem ReadElement(int index)
    {
        var start = at;
        var value = ReadValue(start);
        return new InlineItem(index.ToString(CultureInfo.InvariantCulture), start, start, value, at);
    }

    private InlineItem ReadMember(HashSet<string> known)
    {
        var start = at;
        SkipString();
        var name = Decoded(text[start..at]);
        if (!known.Add(name))
            throw new ValueFormatException(
                "JSON that is edited in place",
                $"the key '{name}' stands twice in one object",
                SourceLines.NumberOf(text, start),
                SourceLines.ColumnOf(text, start)
            );
        Skip();
        var head = ++at;
        var value = ReadValue(head);
        return new InlineItem(name, start, head, value, at);
    }

    private static string Decoded(string quoted)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(quoted));
        reader.Read();
        return reader.GetString()!;
    }

    private void SkipString()
    {
        for (at++; text[at] != '"'; at++)
        {
            if (text[at] == '\\')
                at++;
        }
        at++;
    }

    private void Skip()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (text.AsSpan(at).StartsWith("//"))
                at = SourceLines.After(text, at);
            else if (text.AsSpan(at).StartsWith("/*"))
                at = text.IndexOf("*/", at + 2, StringComparison.Ordinal) + 2;
            else
                return;
        }
    }
}
