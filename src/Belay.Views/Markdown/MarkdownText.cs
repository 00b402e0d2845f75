using System.Text;
using Belay.Views.Reports;

namespace Belay.Views.Markdown;

/// <summary>Text that Markdown shows as it is.</summary>
internal static class MarkdownText
{
    /// <summary>A cell of a table: in one line, and moved in by its depth.</summary>
    public static string Of(Cell cell) => string.Concat(Enumerable.Repeat("&emsp;", cell.Depth)) + Escape(cell.Text);

    /// <summary>Takes from a text all that Markdown or HTML would read as more than text; line breaks stay to be seen.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\n' => escaped.Append("<br>"),
                '\r' => escaped,
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '~' or '$' => escaped
                    .Append('\\')
                    .Append(letter),
                _ => escaped.Append(letter),
            };
        }
        return escaped.ToString();
    }
}
