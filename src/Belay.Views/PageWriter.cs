using Belay.Views.Html;
using Belay.Views.Markdown;
using Belay.Views.Reports;

namespace Belay.Views;

/// <summary>Writes a page that was put together elsewhere, in the look of all others.</summary>
public static class PageWriter
{
    /// <summary>Writes one HTML file that needs nothing besides itself.</summary>
    public static Task HtmlAsync(Report page, TextWriter to) => HtmlReport.WriteAsync(page, to);

    /// <summary>Writes the same as GitHub-flavoured Markdown.</summary>
    public static Task MarkdownAsync(Report page, TextWriter to) => MarkdownReport.WriteAsync(page, to);
}
