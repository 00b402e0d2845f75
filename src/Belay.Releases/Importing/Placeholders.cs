using System.Text.RegularExpressions;

namespace Belay.Releases.Importing;

/// <summary>What a page leaves to its reader: <c>&lt;new-tag&gt;</c>, <c>{{ region }}</c>. Each becomes an input of the plan.</summary>
internal static partial class Placeholders
{
    /// <summary>A text in which each placeholder has another text in its place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="put">Gives the text for a placeholder's name: letters, digits and hyphens.</param>
    /// <param name="rest">What becomes of the text between.</param>
    public static string Replace(string text, Func<string, string> put, Func<string, string> rest)
    {
        var at = 0;
        var parts = new List<string>();
        foreach (Match found in Placeholder().Matches(text))
        {
            parts.Add(rest(text[at..found.Index]));
            parts.Add(put(NameOf(found.Groups["name"].Value)));
            at = found.Index + found.Length;
        }
        parts.Add(rest(text[at..]));
        return string.Concat(parts);
    }

    /// <summary>The text with a plain word for each placeholder.</summary>
    public static string Without(string text) => Replace(text, _ => "x", rest => rest);

    private static string NameOf(string words)
    {
        var name = OtherLetters().Replace(words.Trim().ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 || !char.IsAsciiLetter(name[0]) ? $"value-{name}".TrimEnd('-') : name;
    }

    [GeneratedRegex(
        @"<\s?(REPLACE_VALUE_)?(?<name>[A-Za-z][A-Za-z0-9_. -]{0,58}[A-Za-z0-9_]|[A-Za-z])\s?>|\{\{\s*(?<name>[A-Za-z][A-Za-z0-9_.-]*)\s*\}\}",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Placeholder();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherLetters();
}
