using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Belay.Formats;

/// <summary>A file of environment variables, each assignment with its place: <c>NAME=value</c>, an optional <c>export</c>, values bare or in quotes, <c>#</c> comments.</summary>
internal static partial class EnvText
{
    /// <summary>All assignments, in the order of the file.</summary>
    public static ImmutableArray<EnvAssignment> Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<EnvAssignment>();
        var (start, number) = (0, 1);
        while (start < text.Length)
        {
            var end = EndOfLine(text, start);
            if (ReadLine(text, start, end, number) is { } assignment)
            {
                found.Add(assignment);
                // A value in quotes may go over several lines, as keys and certificates do.
                number += assignment.Raw.AsSpan().Count('\n');
                end = EndOfLine(text, assignment.Offset + assignment.Raw.Length);
            }
            (start, number) = (end + 1, number + 1);
        }
        return found.ToImmutable();
    }

    /// <summary>Whether a value is none yet: empty, or a placeholder such as <c>changeme</c>.</summary>
    public static bool IsUnfilled(string value) => value.Length == 0 || Placeholder().IsMatch(value);

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    private static EnvAssignment? ReadLine(string text, int start, int end, int number)
    {
        var line = text.AsSpan(start, end - start);
        var name = start + line.Length - line.TrimStart().Length;
        if (text.AsSpan(name, end - name).StartsWith("export "))
            name += "export ".Length;
        var length = text.AsSpan(name, end - name).IndexOf('=');
        if (length <= 0 || !IsName(text.AsSpan(name, length).Trim()))
            return null;
        var (from, to) = ValueSpan(text, name + length + 1, end);
        return new EnvAssignment(text.AsSpan(name, length).Trim().ToString(), text[from..to], start, from, number);
    }

    private static (int From, int To) ValueSpan(string text, int from, int end)
    {
        while (from < end && text[from] is ' ' or '\t')
            from++;
        if (from < end && text[from] is '"' or '\'' && Closed(text, from) is { } close)
            return (from, close + 1);
        var comment = text.AsSpan(from, end - from).IndexOf(" #");
        var to = comment < 0 ? end : from + comment;
        while (to > from && char.IsWhiteSpace(text[to - 1]))
            to--;
        return (from, to);
    }

    // Where the quote is closed; in a later line only when nothing but a comment follows it there.
    private static int? Closed(string text, int from)
    {
        var close = from + 1;
        while (close < text.Length && text[close] != text[from])
            close += text[close] == '\\' && text[from] == '"' ? 2 : 1;
        if (close >= text.Length)
            return null;
        var rest = text.AsSpan(close + 1, EndOfLine(text, close) - close - 1).Trim();
        return rest.IsEmpty || rest[0] == '#' || !text.AsSpan(from, close - from).Contains('\n') ? close : null;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        }
        return true;
    }

    [GeneratedRegex(
        @"^(<.*>|\.\.\.|x{3,}|change[-_ ]?(me|it)|replace[-_ ]?(me|this)|your[-_ ].*|placeholder)$",
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
    )]
    private static partial Regex Placeholder();
}

/// <summary>One assignment of a file of environment variables.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Raw">The value as it is written, quotes included.</param>
/// <param name="Start">Where its line begins, in characters.</param>
/// <param name="Offset">Where the written value begins, in characters.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record EnvAssignment(string Name, string Raw, int Start, int Offset, int Line)
{
    /// <summary>The value that a program reads.</summary>
    public string Value =>
        Raw switch
        {
            ['\'', .. var inner, '\''] => inner,
            ['"', .. var inner, '"'] => inner
                .Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal),
            _ => Raw,
        };
}
