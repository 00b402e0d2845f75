namespace Belay.Releases.Trees;

/// <summary>Finds its way in the lines of a text.</summary>
internal static class SourceLines
{
    /// <summary>Where the line of a place begins.</summary>
    public static int StartOf(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>Where the next line begins; the end of the text when there is none.</summary>
    public static int After(string text, int at) =>
        at >= text.Length ? text.Length
        : text.IndexOf('\n', at) is var end and >= 0 ? end + 1
        : text.Length;

    /// <summary>The line of a place, from 1.</summary>
    public static int NumberOf(string text, int at) => text.AsSpan(0, Math.Clamp(at, 0, text.Length)).Count('\n') + 1;

    /// <summary>The column of a place, from 1.</summary>
    public static int ColumnOf(string text, int at) => at - StartOf(text, at) + 1;

    /// <summary>How many characters of the text before the first entry are about the whole file: all up to its last blank line.</summary>
    public static int Header(ReadOnlySpan<char> before)
    {
        var (header, at) = (0, 0);
        while (at < before.Length)
        {
            var length = before[at..].IndexOf('\n') is var end and >= 0 ? end + 1 : before.Length - at;
            var line = before.Slice(at, length);
            at += length;
            if (line.Trim().IsEmpty || line.StartsWith("---") || line.StartsWith("%"))
                header = at;
        }
        return header;
    }
}
