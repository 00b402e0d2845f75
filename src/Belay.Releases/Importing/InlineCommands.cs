using System.Text.RegularExpressions;

namespace Belay.Releases.Importing;

/// <summary>Finds the commands that stand inside sentences: between backticks, or behind a colon, a star or the word "command" where a page lost its backticks.</summary>
internal static partial class InlineCommands
{
    /// <summary>The commands: where each begins in the text and ends, and the command itself.</summary>
    public static IEnumerable<(int Start, int End, string Command)> In(string text)
    {
        if (text.Contains('`', StringComparison.Ordinal))
        {
            foreach (Match span in Ticks().Matches(text))
            {
                if (ShellWords.IsOne(span.Groups["code"].Value))
                    yield return (span.Index, span.Index + span.Length, ShellWords.Bare(span.Groups["code"].Value));
            }
            yield break;
        }
        for (var at = 0; Begin().Match(text, at) is { Success: true } begin; )
        {
            var start = begin.Groups["command"].Index;
            var rest = End().Match(text, start);
            var end = rest.Success ? rest.Index : text.Length;
            var command = text[start..end].Trim().TrimEnd('.');
            if (ShellWords.IsOne(command) && command.Contains(' ', StringComparison.Ordinal))
                yield return (start, end, command);
            at = Math.Max(end, start + 1);
        }
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ticks();

    [GeneratedRegex(
        @"(^|:|\*|\bcommand)\s+(?<command>([A-Z_]+=\S+\s+)*[\w./-]+\s+[^\s:*])",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Begin();

    [GeneratedRegex(@"\n|\s+[0-9]+\.\s+\p{Lu}|\s\*\s|\.\s+\p{Lu}|\.\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex End();
}
