using Belay.Domain.Plans;

namespace Belay.Planning.Yaml;

/// <summary>Where a text's lines begin, as editors count them: YAML also ends lines at characters at which no editor does.</summary>
internal sealed class TextLines
{
    private readonly string shown;
    private readonly string text;
    private readonly List<int> starts = [0];

    /// <param name="shown">The file's name in diagnostics.</param>
    /// <param name="text">What it holds.</param>
    public TextLines(string shown, string text)
    {
        (this.shown, this.text) = (shown, text);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                starts.Add(i + 1);
        }
    }

    public int Count => starts.Count;

    /// <summary>The place of a character; the end of the text for one that lies behind it.</summary>
    public SourcePosition At(long index)
    {
        var at = (int)Math.Clamp(index, 0, text.Length);
        var found = starts.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        return new SourcePosition(shown, line + 1, at - starts[line] + 1);
    }

    /// <summary>A line without its end.</summary>
    /// <param name="number">From 1.</param>
    public ReadOnlySpan<char> Line(int number)
    {
        var end = number == Count ? text.Length : starts[number];
        return text.AsSpan(starts[number - 1], end - starts[number - 1]).TrimEnd("\r\n");
    }
}
