using System.Collections.Immutable;

namespace Belay.Formats.Sql;

/// <summary>
/// Splits an SQL file into statements at the semicolons that end them: not those in strings, quoted names,
/// dollar-quoted bodies, comments or <c>BEGIN ATOMIC ... END</c> (PostgreSQL documentation, "Lexical Structure").
/// </summary>
internal sealed class SqlSplitter
{
    private readonly string text;
    private readonly ImmutableArray<SqlStatement>.Builder statements = ImmutableArray.CreateBuilder<SqlStatement>();
    private int at;
    private int begin = -1;
    private int end;
    private int atomic;

    private SqlSplitter(string text) => this.text = text;

    /// <summary>The statements of a file, in order; comments between them are left out.</summary>
    /// <exception cref="FormatException">A string, a quoted name, a body or a comment is not closed; the message says on which line it begins.</exception>
    public static ImmutableArray<SqlStatement> Split(string text)
    {
        var splitter = new SqlSplitter(text);
        splitter.Run();
        return splitter.statements.ToImmutable();
    }

    private void Run()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF')
                at++;
            else if (Next("--"))
                SkipLine();
            else if (Next("/*"))
                SkipBlockComment();
            else if (text[at] == ';' && atomic == 0)
                Finish();
            else
                TakeToken();
        }
        Finish();
    }

    private bool Next(string what) => text.AsSpan(at).StartsWith(what, StringComparison.Ordinal);

    private void TakeToken()
    {
        if (begin < 0)
            begin = at;
        if (text[at] == '\'')
            SkipQuoted('\'', backslash: at > 0 && text[at - 1] is 'e' or 'E' && !IsWordBefore(at - 1));
        else if (text[at] == '"')
            SkipQuoted('"', backslash: false);
        else if (text[at] == '$' && DollarTag() is { } tag)
            SkipBody(tag);
        else if (IsWord(text[at]))
            SkipWord();
        else
            at++;
        end = at;
    }

    private void Finish()
    {
        if (begin >= 0)
            statements.Add(new SqlStatement(text[begin..end], LineOf(begin)));
        begin = -1;
        atomic = 0;
        at++;
    }

    private void SkipWord()
    {
        var start = at;
        while (at < text.Length && (IsWord(text[at]) || text[at] == '$'))
            at++;
        var word = text.AsSpan(start, at - start);
        // A routine's body in SQL has statements of its own, and CASE ... END inside them.
        if (word.Equals("ATOMIC", StringComparison.OrdinalIgnoreCase) && BeginStandsBefore(start))
            atomic = 1;
        else if (atomic > 0 && word.Equals("CASE", StringComparison.OrdinalIgnoreCase))
            atomic++;
        else if (atomic > 0 && word.Equals("END", StringComparison.OrdinalIgnoreCase))
            atomic--;
    }

    private bool BeginStandsBefore(int position) =>
        text.AsSpan(begin, position - begin).TrimEnd().EndsWith("BEGIN", StringComparison.OrdinalIgnoreCase);

    private void SkipQuoted(char quote, bool backslash)
    {
        var start = at++;
        while (at < text.Length)
        {
            var doubled = text[at] == quote && at + 1 < text.Length && text[at + 1] == quote;
            if (text[at] == quote && !doubled)
            {
                at++;
                return;
            }
            at += doubled || (backslash && text[at] == '\\') ? 2 : 1;
        }
        throw NotClosed(start, quote == '"' ? "quoted name" : "string");
    }

    private string? DollarTag()
    {
        if (at > 0 && IsWordBefore(at))
            return null;
        var close = at + 1;
        while (close < text.Length && IsWord(text[close]))
            close++;
        // $1 is a parameter, not the beginning of a body.
        return close < text.Length && text[close] == '$' && !char.IsAsciiDigit(text[at + 1])
            ? text[at..(close + 1)]
            : null;
    }

    private void SkipBody(string tag)
    {
        var start = at;
        at += tag.Length;
        var close = text.IndexOf(tag, at, StringComparison.Ordinal);
        if (close < 0)
            throw NotClosed(start, $"body in {tag}");
        at = close + tag.Length;
    }

    private void SkipLine()
    {
        var close = text.IndexOf('\n', at);
        at = close < 0 ? text.Length : close + 1;
    }

    private void SkipBlockComment()
    {
        var start = at;
        var depth = 0;
        do
        {
            if (at >= text.Length)
                throw NotClosed(start, "comment");
            if (Next("/*"))
                (depth, at) = (depth + 1, at + 2);
            else if (Next("*/"))
                (depth, at) = (depth - 1, at + 2);
            else
                at++;
        } while (depth > 0);
    }

    private FormatException NotClosed(int start, string what) => new($"line {LineOf(start)}: the {what} is not closed");

    private int LineOf(int position) => 1 + text.AsSpan(0, position).Count('\n');

    private bool IsWordBefore(int position) => position > 0 && IsWord(text[position - 1]);

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
