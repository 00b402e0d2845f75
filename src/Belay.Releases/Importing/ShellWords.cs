using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Belay.Releases.Importing;

/// <summary>A command of a page.</summary>
/// <param name="Line">Its first line in the page.</param>
/// <param name="Text">As it stands there, without a prompt.</param>
/// <param name="Comment">What a comment above it says; empty: nothing.</param>
internal sealed partial record ShellWords(int Line, string Text, string Comment)
{
    /// <summary>The program and its arguments; empty when only a shell can read the command.</summary>
    public ImmutableArray<string> Words { get; } = Split(Text);

    /// <summary>Whether it asks for something over HTTP in the words of the protocol: <c>GET /healthz</c>.</summary>
    public bool IsRequest => RequestLine().IsMatch(Text);

    /// <summary>Whether a line is a command or a request.</summary>
    public static bool IsOne(string line)
    {
        var text = Bare(line);
        if (RequestLine().IsMatch(text))
            return true;
        var word = Assignment().Replace(text, "").Split(' ', 2);
        return Programs.Is(word[0])
            && (word.Length > 1 || word[0] is "ls" or "make" || word[0].Contains('/', StringComparison.Ordinal));
    }

    /// <summary>A line without its prompt.</summary>
    public static string Bare(string line)
    {
        var text = line.Trim();
        return text.StartsWith("$ ", StringComparison.Ordinal) ? text[2..].TrimStart() : text;
    }

    /// <summary>The commands of a block of code: continued lines, quotes over several lines and here-documents belong together.</summary>
    public static IEnumerable<ShellWords> Of(ImmutableArray<string> lines, int first)
    {
        var comment = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var bare = Bare(lines[i]);
            if (bare.StartsWith('#'))
            {
                comment.Add(bare.TrimStart('#').Trim());
                continue;
            }
            if (bare.Length == 0)
                continue;
            var begun = i;
            var text = new StringBuilder(bare);
            while (i + 1 < lines.Length && IsOpen(text.ToString()))
                text.Append('\n').Append(lines[++i]);
            yield return new ShellWords(first + begun, text.ToString().TrimEnd(), string.Join(' ', comment));
            comment.Clear();
        }
        if (comment.Count > 0)
            yield return new ShellWords(first + lines.Length - 1, "", string.Join(' ', comment));
    }

    private static bool IsOpen(string text)
    {
        if (text.EndsWith('\\'))
            return true;
        if (HereDocument().Match(text) is { Success: true } here)
            return !text.Split('\n').Skip(1).Any(line => line.Trim() == here.Groups["end"].Value);
        return QuoteAtEnd(text) is not null;
    }

    private static char? QuoteAtEnd(string text)
    {
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote != '\'')
            {
                i++;
            }
            else if (quote is null && text[i] is ('"' or '\''))
            {
                quote = text[i];
            }
            else if (text[i] == quote)
            {
                quote = null;
            }
        }
        return quote;
    }

    private static ImmutableArray<string> Split(string text)
    {
        var joined = text.Replace("\\\n", " ", StringComparison.Ordinal);
        // What only a shell understands; a placeholder in angle brackets is no redirection.
        if (ForShell().IsMatch(Placeholders.Without(joined)))
            return [];
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (Match word in Word().Matches(joined))
            words.Add(Quotes().Replace(word.Value, match => match.Groups["inner"].Value));
        return words.ToImmutable();
    }

    [GeneratedRegex(@"^(GET|HEAD|POST|PUT|PATCH|DELETE) /\S*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_]*=\S*\s+)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"<<-?\s*['""]?(?<end>[A-Za-z_]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HereDocument();

    [GeneratedRegex(
        @"[|&;<>$`*~\n\\(){}!]|^[A-Za-z_][A-Za-z0-9_]*=|^(cd|export|source)\s",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ForShell();

    [GeneratedRegex(@"([^\s'""]|'[^']*'|""[^""]*"")+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"'(?<inner>[^']*)'|""(?<inner>[^""]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quotes();
}
