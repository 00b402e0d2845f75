using System.Collections.Immutable;

namespace Belay.Formats;

/// <summary>Reads the outline of HCL: blocks, attributes and where their values stand. Expressions are skipped, not understood.</summary>
internal sealed class HclReader
{
    /// <summary>No file of people is nested deeper.</summary>
    private const int Deepest = 100;

    private readonly string text;
    private int at;
    private int depth;

    private HclReader(string text) => this.text = text;

    /// <summary>The outline of a file.</summary>
    /// <exception cref="ValueFormatException">The text is no HCL.</exception>
    public static HclBody Read(string text) => new HclReader(text).ReadBody(isRoot: true);

    private HclBody ReadBody(bool isRoot)
    {
        if (++depth > Deepest)
            throw Wrong($"it is nested deeper than {Deepest}");
        try
        {
            return ReadEntries(isRoot);
        }
        finally
        {
            depth--;
        }
    }

    private HclBody ReadEntries(bool isRoot)
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
        var begin = at;
        var path = ImmutableArray.CreateBuilder<string>();
        path.Add(ReadName());
        for (SkipInLine(); at < text.Length && text[at] is not ('=' or ':' or '{'); SkipInLine())
            path.Add(ReadName());
        if (at >= text.Length)
            throw Wrong("a name stands alone");
        if (text[at++] == '{')
        {
            var open = at;
            blocks.Add(new HclBlock(path.ToImmutable(), begin, open, ReadBody(isRoot: false)));
            return;
        }
        var head = at;
        SkipInLine();
        var from = at;
        var inner = at < text.Length && text[at] == '{' ? TryReadObject() : null;
        if (inner is null)
            SkipExpression();
        var to = TrimmedEnd(from);
        attributes.Add(
            new HclAttribute(path[0], begin, head, from, to, inner, inner is null ? Elements(from, to) : null)
        );
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

    /// <summary>The places of a list's elements; null when the expression is no plain list.</summary>
    private ImmutableArray<(int From, int To)>? Elements(int from, int to)
    {
        if (from >= to || text[from] != '[')
            return null;
        var (end, found) = (at, ImmutableArray.CreateBuilder<(int, int)>());
        try
        {
            for (at = from + 1; ; )
            {
                SkipBlanks();
                if (at == to - 1 && text[at] == ']')
                    return found.ToImmutable();
                var begin = at;
                SkipExpression(inLine: false);
                // A "for" expression, or brackets that belong to something else.
                if (at >= to || at == begin || text[begin..at].StartsWith("for ", StringComparison.Ordinal))
                    return null;
                found.Add((begin, TrimmedEnd(begin)));
            }
        }
        finally
        {
            at = end;
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
    private void SkipExpression(bool inLine = true)
    {
        var open = -1;
        for (var nested = 0; at < text.Length; )
        {
            var c = text[at];
            if (nested == 0 && ((inLine && c is '\n' or '\r') || c is ',' or '}' or ')' or ']' || IsComment()))
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
                if (nested == 0 && c is ('(' or '[' or '{'))
                    open = at;
                nested +=
                    c is '(' or '[' or '{' ? 1
                    : c is ')' or ']' or '}' ? -1
                    : 0;
                if (nested == 0)
                    open = -1;
                at++;
            }
        }
        if (open >= 0)
            throw Wrong("a bracket is not closed", open);
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
        for (var nested = 1; at < text.Length && nested > 0; )
        {
            if (text[at] == '"')
            {
                SkipString();
                continue;
            }
            nested +=
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

    private ValueFormatException Wrong(string what, int? where = null)
    {
        var before = text.AsSpan(0, Math.Min(where ?? at, text.Length));
        return new ValueFormatException("HCL", what, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}

/// <summary>What stands in a file, a block or an object.</summary>
/// <param name="Attributes">Its attributes, or an object's members.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Close">Where its closing brace stands; null for the file.</param>
internal sealed record HclBody(ImmutableArray<HclAttribute> Attributes, ImmutableArray<HclBlock> Blocks, int? Close);

/// <summary>An attribute, and where it stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="At">Where its name begins.</param>
/// <param name="Head">What lies behind its <c>=</c>.</param>
/// <param name="From">Where its expression begins.</param>
/// <param name="To">Where its expression ends.</param>
/// <param name="Inner">The members of an object; null when it is none.</param>
/// <param name="Elements">The elements of a list; null when it is none.</param>
internal sealed record HclAttribute(
    string Name,
    int At,
    int Head,
    int From,
    int To,
    HclBody? Inner,
    ImmutableArray<(int From, int To)>? Elements
);

/// <summary>A block; its path is its type and its labels.</summary>
/// <param name="Path">Its type and its labels.</param>
/// <param name="At">Where its type begins.</param>
/// <param name="Open">What lies behind its opening brace.</param>
/// <param name="Body">What stands in it.</param>
internal sealed record HclBlock(ImmutableArray<string> Path, int At, int Open, HclBody Body);
