using System.Collections.Immutable;

namespace Belay.Connectors.Files;

/// <summary>Reads the outline of HCL: blocks, attributes and where their values stand. Expressions are skipped, not understood.</summary>
internal sealed class HclReader
{
    private readonly string text;
    private int at;

    private HclReader(string text) => this.text = text;

    /// <summary>The outline of a file.</summary>
    /// <exception cref="ValueFormatException">The text is no HCL.</exception>
    public static HclBody Read(string text) => new HclReader(text).ReadBody(isRoot: true);

    private HclBody ReadBody(bool isRoot)
    {
        var attributes = ImmutableArray.CreateBuilder<HclAttribute>();
        var blocks = ImmutableArray.CreateBuilder<HclBlock>();
        while (true)
        {
            SkipBlanks();
            if (at >= text.Length && isRoot)
                return new HclBody(attributes.ToImmutable(), blocks.ToImmutable(), Close: null);
            if (at >= text.Length)
                throw Wrong("a block is not closed");
            if (text[at] == '}' && !isRoot)
                return new HclBody(attributes.ToImmutable(), blocks.ToImmutable(), Close: at++);
            ReadEntry(attributes, blocks);
        }
    }

    private void ReadEntry(ImmutableArray<HclAttribute>.Builder attributes, ImmutableArray<HclBlock>.Builder blocks)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        path.Add(ReadName());
        for (SkipInLine(); at < text.Length && text[at] is not ('=' or ':' or '{'); SkipInLine())
            path.Add(ReadName());
        if (at >= text.Length)
            throw Wrong("a name stands alone");
        if (text[at++] == '{')
        {
            blocks.Add(new HclBlock(path.ToImmutable(), ReadBody(isRoot: false)));
            return;
        }
        SkipInLine();
        var from = at;
        var inner = at < text.Length && text[at] == '{' ? TryReadObject() : null;
        if (inner is null)
            SkipExpression();
        attributes.Add(new HclAttribute(path[0], from, TrimmedEnd(from), inner));
    }

    // An object's members look like a body's attributes; what does not (a "for" expression) is an expression.
    private HclBody? TryReadObject()
    {
        var begin = at++;
        try
        {
            return ReadBody(isRoot: false);
        }
        catch (ValueFormatException)
        {
            at = begin;
            return null;
        }
    }

    private string ReadName()
    {
        var from = at;
        if (text[at] == '"')
        {
            SkipString();
            return text[(from + 1)..(at - 1)];
        }
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-'))
            at++;
        return at > from ? text[from..at] : throw Wrong("expected a name");
    }

    /// <summary>Goes to the end of an expression: the end of its line, a comma, a comment or a closing brace, outside of all brackets.</summary>
    private void SkipExpression()
    {
        for (var depth = 0; at < text.Length; )
        {
            var c = text[at];
            if (depth == 0 && (c is '\n' or '\r' or ',' or '}' or ')' or ']' || IsComment()))
                return;
            if (c == '"')
            {
                SkipString();
            }
            else if (c == '<' && At("<<"))
            {
                SkipHereDocument();
            }
            else if (IsComment())
            {
                SkipComment();
            }
            else
            {
                depth +=
                    c is '(' or '[' or '{' ? 1
                    : c is ')' or ']' or '}' ? -1
                    : 0;
                at++;
            }
        }
    }

    private void SkipString()
    {
        var begin = at;
        for (at++; at < text.Length && text[at] != '"'; )
        {
            if (text[at] == '\n')
                break;
            if (At("${") || At("%{"))
                SkipTemplate();
            else
                at += text[at] == '\\' ? 2 : 1;
        }
        if (at >= text.Length || text[at] != '"')
            throw Wrong("a text is not closed", begin);
        at++;
    }

    // Inside of an interpolation quotes and braces count again.
    private void SkipTemplate()
    {
        at += 2;
        for (var depth = 1; at < text.Length && depth > 0; )
        {
            if (text[at] == '"')
            {
                SkipString();
                continue;
            }
            depth +=
                text[at] == '{' ? 1
                : text[at] == '}' ? -1
                : 0;
            at++;
        }
    }

    private void SkipHereDocument()
    {
        var end = text.IndexOf('\n', at);
        var mark = end < 0 ? "" : text[(at + 2)..end].Trim().TrimStart('-');
        for (at = end + 1; mark.Length > 0 && at > 0 && at < text.Length; at = end + 1)
        {
            end = text.IndexOf('\n', at);
            if (text[at..(end < 0 ? text.Length : end)].Trim() == mark)
            {
                at = end < 0 ? text.Length : end;
                return;
            }
            if (end < 0)
                break;
        }
        at = text.Length;
        throw Wrong("a here document is not closed");
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == ',')
                at++;
            else if (IsComment())
                SkipComment();
            else
                return;
        }
    }

    private void SkipInLine()
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
    }

    private bool IsComment() => text[at] == '#' || At("//") || At("/*");

    private void SkipComment()
    {
        var end = At("/*") ? text.IndexOf("*/", at + 2, StringComparison.Ordinal) + 2 : text.IndexOf('\n', at);
        at = end <= at ? text.Length : end;
    }

    private int TrimmedEnd(int from)
    {
        var end = at;
        while (end > from && char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }

    private bool At(string word) => text.AsSpan(at).StartsWith(word, StringComparison.Ordinal);

    private ValueFormatException Wrong(string what, int? where = null) =>
        new($"is no HCL at line {text.AsSpan(0, Math.Min(where ?? at, text.Length)).Count('\n') + 1}: {what}");
}

/// <summary>What stands in a file, a block or an object.</summary>
/// <param name="Attributes">Its attributes, or an object's members.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Close">Where its closing brace stands; null for the file.</param>
internal sealed record HclBody(ImmutableArray<HclAttribute> Attributes, ImmutableArray<HclBlock> Blocks, int? Close);

/// <summary>An attribute, and where its expression stands.</summary>
internal sealed record HclAttribute(string Name, int From, int To, HclBody? Inner);

/// <summary>A block; its path is its type and its labels.</summary>
internal sealed record HclBlock(ImmutableArray<string> Path, HclBody Body);
