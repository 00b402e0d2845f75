using System.Globalization;
using System.Text;

namespace Belay.Domain.Json;

/// <summary>Text of others as people may see it: nothing in it moves a cursor, sets a colour, or turns the order of letters around.</summary>
public static class VisibleText
{
    /// <summary>The text with control characters written as escapes; line feeds and tabs stay.</summary>
    public static string Of(string text) => Find(text) < 0 ? text : Escaped(text);

    /// <summary>The text on one line, cut to a length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The most characters that are kept.</param>
    public static string Line(string text, int longest)
    {
        var line = Of(text).Replace("\n", "\\n", StringComparison.Ordinal);
        if (line.Length <= longest)
            return line;
        var end = char.IsHighSurrogate(line[longest - 1]) ? longest - 1 : longest;
        return $"{line[..end]}...";
    }

    private static int Find(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHidden(text[i]))
                return i;
        }
        return -1;
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (IsHidden(letter))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
            else
                escaped.Append(letter);
        }
        return escaped.ToString();
    }

    // Unicode's bidirectional controls (UAX #9, section 2) make a text read as something that it does not say.
    private static bool IsHidden(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\t'))
        || letter is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
