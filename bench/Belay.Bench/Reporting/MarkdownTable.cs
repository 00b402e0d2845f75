using System.Text;

namespace Belay.Bench.Reporting;

/// <summary>A Markdown table with columns of equal width, so that it is read as well on a terminal.</summary>
internal static class MarkdownTable
{
    /// <summary>The table; the first column is left-aligned, the others are right-aligned.</summary>
    public static string Of(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = heads.Select((head, i) => rows.Select(row => row[i].Length).Append(head.Length).Max()).ToArray();
        var text = new StringBuilder();
        Line(text, widths, heads, ' ');
        Line(
            text,
            widths,
            [.. widths.Select((width, i) => i == 0 ? new('-', width) : new string('-', width - 1) + ':')],
            ' '
        );
        foreach (var row in rows)
            Line(text, widths, row, ' ');
        return text.ToString();
    }

    private static void Line(StringBuilder text, int[] widths, IReadOnlyList<string> cells, char fill)
    {
        var padded = cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i], fill) : cell.PadLeft(widths[i], fill));
        text.Append("| ").AppendJoin(" | ", padded).Append(" |\n");
    }
}
