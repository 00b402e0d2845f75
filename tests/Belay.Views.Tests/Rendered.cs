using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>Reports as a reader gets them.</summary>
internal static class Rendered
{
    public static async Task<string> HtmlAsync(
        IReadOnlyList<JournalEntry> entries,
        IReadOnlyList<BoundaryLine>? boundary = null
    )
    {
        await using var text = new StringWriter();
        await ReportWriter.HtmlAsync(entries, boundary ?? Shop.Boundary, text);
        return text.ToString();
    }

    public static async Task<IHtmlDocument> PageAsync(IReadOnlyList<JournalEntry> entries) =>
        new HtmlParser().ParseDocument(await HtmlAsync(entries));

    public static async Task<string> MarkdownAsync(IReadOnlyList<JournalEntry> entries)
    {
        await using var text = new StringWriter();
        await ReportWriter.MarkdownAsync(entries, Shop.Boundary, text);
        return text.ToString();
    }

    /// <summary>The rows of a section's tables, each as its cells' texts.</summary>
    public static IReadOnlyList<string[]> Rows(this IHtmlDocument page, string section) =>
        [
            .. page.QuerySelectorAll($"#{section} > table > tbody > tr")
                .Select(row => row.Children.Select(cell => cell.TextContent.Trim()).ToArray()),
        ];

    /// <summary>The row whose first cell says something.</summary>
    public static string[] Row(this IHtmlDocument page, string section, string first) =>
        page.Rows(section).First(row => row[0] == first);
}
