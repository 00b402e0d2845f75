using System.Text.RegularExpressions;
using Belay.Releases.Trees;

namespace Belay.Releases.Reading;

/// <summary>Reads a changelog as keepachangelog.com describes it: a heading a version, below it headings Added, Changed, Deprecated, Removed, Fixed, Security with lists.</summary>
internal static partial class ChangelogReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        string? version = null;
        string? section = null;
        ChangelogEntry? entry = null;
        var (number, isCode) = (0, false);
        foreach (var line in file.Text.EnumerateLines())
        {
            number++;
            if (line.TrimStart().StartsWith("```"))
                isCode = !isCode;
            if (isCode)
                continue;
            var text = line.TrimEnd().ToString();
            if (Version().Match(text) is { Success: true } v)
            {
                (version, section, entry) = (v.Groups["version"].Value, null, null);
            }
            else if (text.StartsWith('#'))
            {
                section = Section().Match(text) is { Success: true } s ? s.Groups["name"].Value : null;
                entry = null;
            }
            else if (version is not null && section is not null && Item().Match(text) is { Success: true } item)
            {
                var place = $"{file.Shown}:{number}";
                entry = Replace(null, new ChangelogEntry(version, section, item.Groups["text"].Value, place));
            }
            else
            {
                entry =
                    entry is not null && text.Length > 0 && char.IsWhiteSpace(text[0])
                        ? Replace(entry, entry with { Text = $"{entry.Text} {text.Trim()}" })
                        : null;
            }
        }

        // An entry grows with the lines that go on below it.
        ChangelogEntry Replace(ChangelogEntry? old, ChangelogEntry now)
        {
            if (old is not null)
                gathered.Changelog.RemoveAt(gathered.Changelog.Count - 1);
            gathered.Changelog.Add(now);
            return now;
        }
    }

    [GeneratedRegex(
        @"^##? +\[?(?<version>v?[0-9]+(\.[0-9A-Za-z]+)+([-+][0-9A-Za-z.-]+)?|Unreleased)\]?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Version();

    [GeneratedRegex(
        @"^###? +(?<name>Added|Changed|Deprecated|Removed|Fixed|Security)\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Section();

    [GeneratedRegex(@"^ {0,3}[-*+] +(?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Item();
}
