using System.Collections.Immutable;

namespace Belay.Connectors.Files;

/// <summary>A file of environment variables, each assignment with its place: <c>NAME=value</c>, an optional <c>export</c>, values bare or in quotes, <c>#</c> comments.</summary>
internal static class EnvText
{
    /// <summary>All assignments, in the order of the file.</summary>
    public static ImmutableArray<EnvAssignment> Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<EnvAssignment>();
        var (start, number) = (0, 1);
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            if (ReadLine(text, start, end, number) is { } assignment)
                found.Add(assignment);
            (start, number) = (end + 1, number + 1);
        }
        return found.ToImmutable();
    }

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
        return new EnvAssignment(text.AsSpan(name, length).Trim().ToString(), text[from..to], from, number);
    }

    private static (int From, int To) ValueSpan(string text, int from, int end)
    {
        while (from < end && text[from] is ' ' or '\t')
            from++;
        if (from < end && text[from] is '"' or '\'')
        {
            var close = from + 1;
            while (close < end && text[close] != text[from])
                close += text[close] == '\\' && text[from] == '"' ? 2 : 1;
            if (close < end)
                return (from, close + 1);
        }
        var comment = text.AsSpan(from, end - from).IndexOf(" #");
        var to = comment < 0 ? end : from + comment;
        while (to > from && char.IsWhiteSpace(text[to - 1]))
            to--;
        return (from, to);
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
}

/// <summary>One assignment of a file of environment variables.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Raw">The value as it is written, quotes included.</param>
/// <param name="Offset">Where the written value begins, in characters.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record EnvAssignment(string Name, string Raw, int Offset, int Line)
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
