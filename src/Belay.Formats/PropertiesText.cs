using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Belay.Formats;

/// <summary>A properties file, each property with its place: <c>name=value</c>, <c>name: value</c> or <c>name value</c>, <c>#</c> and <c>!</c> comments, a backslash at a line's end goes on in the next (java.util.Properties, "load").</summary>
internal static class PropertiesText
{
    /// <summary>All properties, in the order of the file.</summary>
    public static ImmutableArray<Property> Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<Property>();
        for (var line = 0; line < text.Length; )
        {
            var start = Skip(text, line);
            var isNothing = start >= text.Length || text[start] is '\n' or '\r' or '#' or '!';
            var end = isNothing ? EndOfLine(text, start) : EndOfLogicalLine(text, start);
            if (!isNothing)
                found.Add(ReadOne(text, start, end));
            line = end + 1;
        }
        return found.ToImmutable();
    }

    private static Property ReadOne(string text, int start, int end)
    {
        var key = start;
        while (key < end && text[key] is not ('=' or ':' or ' ' or '\t' or '\f'))
            key += text[key] == '\\' ? 2 : 1;
        key = Math.Min(key, end);
        var value = Skip(text, key, end);
        if (value < end && text[value] is '=' or ':')
            value = Skip(text, value + 1, end);
        var to = end > value && text[end - 1] == '\r' ? end - 1 : end;
        return new Property(Decoded(text[start..key]), text[value..to], start, value);
    }

    private static int EndOfLine(string text, int at) =>
        at < text.Length && text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    // An odd number of backslashes at a line's end lets it go on in the next one.
    private static int EndOfLogicalLine(string text, int at)
    {
        while (true)
        {
            var end = EndOfLine(text, at);
            var last = end > at && text[end - 1] == '\r' ? end - 1 : end;
            var slashes = 0;
            while (last - slashes - 1 >= at && text[last - slashes - 1] == '\\')
                slashes++;
            if (slashes % 2 == 0 || end >= text.Length)
                return end;
            at = end + 1;
        }
    }

    private static int Skip(string text, int at, int? end = null)
    {
        while (at < (end ?? text.Length) && text[at] is ' ' or '\t' or '\f')
            at++;
        return at;
    }

    /// <summary>A name or a value with its escapes and its broken lines resolved.</summary>
    internal static string Decoded(string raw)
    {
        var decoded = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 == raw.Length)
            {
                decoded.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] is '\n' or '\r')
            {
                while (i + 1 < raw.Length && raw[i + 1] is ' ' or '\t' or '\n')
                    i++;
            }
            else if (
                raw[i] == 'u'
                && i + 4 < raw.Length
                && ushort.TryParse(
                    raw.AsSpan(i + 1, 4),
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture,
                    out var c
                )
            )
            {
                decoded.Append((char)c);
                i += 4;
            }
            else
            {
                decoded.Append(
                    raw[i] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'f' => '\f',
                        var other => other,
                    }
                );
            }
        }
        return decoded.ToString();
    }
}

/// <summary>One property of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Raw">Its value as it is written.</param>
/// <param name="Start">Where its name begins, in characters.</param>
/// <param name="Offset">Where the written value begins.</param>
internal sealed record Property(string Name, string Raw, int Start, int Offset)
{
    /// <summary>The value that a program reads.</summary>
    public string Value => PropertiesText.Decoded(Raw);
}
