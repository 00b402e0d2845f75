using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Belay.Releases.Importing;

/// <summary>Gives a text that was copied from a web page back what it lost: bullets, the fences around code, headings. A page of Markdown passes through unchanged.</summary>
internal sealed partial class PastedText
{
    /// <summary>The info word of a fence around code that did not come along.</summary>
    public const string LostInfo = "belay-lost";

    private readonly string[] source;
    private readonly List<string> lines = [];
    private readonly List<int> places = [];

    private PastedText(string[] source) => this.source = source;

    /// <summary>The text, and for each of its lines the line of the page (from 1).</summary>
    public static (string Text, ImmutableArray<int> Lines) Mend(string page)
    {
        var mended = new PastedText(page.ReplaceLineEndings("\n").Split('\n'));
        mended.Mend();
        return (string.Join('\n', mended.lines), [.. mended.places]);
    }

    private void Mend()
    {
        var hasHeadings = source.Any(line => line.StartsWith("## ", StringComparison.Ordinal));
        string? fence = null;
        for (var i = 0; i < source.Length; )
        {
            if (Fence().Match(source[i]) is { Success: true } mark)
                fence =
                    fence is null ? mark.Groups["mark"].Value
                    : source[i].Trim() == fence ? null
                    : fence;
            if (fence is not null || Fence().IsMatch(source[i]))
                Keep(i, source[i++]);
            else if (Copied(i) is { } button)
                i = Code(i, button);
            else if (IsCodeRun(i))
                i = Run(i);
            else if (!hasHeadings && IsHeading(i))
                Keep(i, $"{(Numbered().IsMatch(source[i]) ? "###" : "##")} {source[i++].Trim()}");
            else
                Keep(i, Bullet().Replace(source[i++], "${indent}- "));
        }
    }

    /// <summary>Where the button ends that pages put on blocks of code: <c>Bash</c>, <c>Copy</c>.</summary>
    private int? Copied(int i) =>
        Button().IsMatch(source[i].Trim()) ? i + 1
        : Language().IsMatch(source[i].Trim()) && i + 1 < source.Length && Button().IsMatch(source[i + 1].Trim())
            ? i + 2
        : null;

    private int Code(int i, int after)
    {
        var hasCode = after < source.Length && ShellWords.IsOne(source[after]);
        Keep(i, "");
        Keep(i, $"```{(hasCode ? "" : $"{LostInfo} ")}{source[i].Trim()}");
        if (hasCode)
        {
            after = Block(after);
        }
        Keep(i, "```");
        Keep(i, "");
        return after;
    }

    /// <summary>Lines that are commands, though no fence says so, with the comments between them.</summary>
    private bool IsCodeRun(int i)
    {
        if (i > 0 && !IsBlank(i - 1) && !ShellWords.IsOne(source[i - 1]) && !source[i - 1].TrimEnd().EndsWith(':'))
            return false;
        var first = i;
        while (first < source.Length && source[first].StartsWith("# ", StringComparison.Ordinal))
            first++;
        // A comment may go on in lines that are indented behind its sign.
        return first < source.Length
            && !source[first].StartsWith(' ')
            && ShellWords.IsOne(source[first])
            && !Prose().IsMatch(source[first]);
    }

    private int Run(int i)
    {
        Keep(i, "");
        Keep(i, "```");
        var after = Block(i);
        while (after + 1 < source.Length && IsBlank(after) && IsCodeRun(after + 1))
        {
            Keep(after, "");
            after = Block(after + 1);
        }
        Keep(after - 1, "```");
        Keep(after - 1, "");
        return after;
    }

    /// <summary>Takes lines up to the next empty one; a text in quotes may hold empty ones.</summary>
    private int Block(int i)
    {
        while (i < source.Length && !IsBlank(i))
            Keep(i, source[i++]);
        return i;
    }

    private bool IsHeading(int i) =>
        (i == 0 || IsBlank(i - 1))
        && (i + 1 >= source.Length || IsBlank(i + 1))
        && Title().IsMatch(source[i])
        && !Picture().IsMatch(source[i])
        && source[i].Length <= 90
        && !ShellWords.IsOne(source[i]);

    private bool IsBlank(int i) => string.IsNullOrWhiteSpace(source[i]);

    private void Keep(int i, string line)
    {
        lines.Add(line);
        places.Add(i + 1);
    }

    [GeneratedRegex(@"^\s{0,3}(?<mark>```+|~~~+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?<indent>\s*)[•◦▪‣●○☐□☑✓]\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bullet();

    [GeneratedRegex("^(Copy|Copied!?|Copy code|Copy to clipboard)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Button();

    [GeneratedRegex(
        "^(bash|shell|sh|zsh|console|terminal|powershell|text|yaml|yml|json|hcl|terraform|sql|ini|properties|dockerfile|makefile|javascript|python)$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Language();

    [GeneratedRegex(@"^[\p{Lu}\p{N}(][^|•*:`]*[^.:;,!?…|\s]\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Title();

    [GeneratedRegex(@"^[A-Z]?\.?[0-9]+[.)0-9a-z]*\s", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\.(png|jpe?g|gif|svg|webp)\s*$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Picture();

    [GeneratedRegex(@"[a-z]{2,}\.\s*$|\.\s+[A-Z][a-z]+ ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prose();
}
