using System.CommandLine;
using Belay.Cli.Work;
using Belay.Views;
using Belay.Views.Reports;

namespace Belay.Cli.Pages;

/// <summary>Where a page is written.</summary>
internal sealed class PageOptions
{
    public Option<string?> Html { get; } =
        new("--html") { Description = "Write HTML into this file", HelpName = "FILE" };

    public Option<string?> Markdown { get; } =
        new("--markdown") { Description = "Write Markdown into this file", HelpName = "FILE" };

    /// <summary>Writes the page into the files that were named.</summary>
    /// <returns>Whether any was named.</returns>
    public async Task<bool> WriteAsync(Workplace place, ParseResult parsed, Report page)
    {
        var (html, markdown) = (parsed.GetValue(Html), parsed.GetValue(Markdown));
        if (html is not null)
            await PageFiles.WriteAsync(place, html, to => PageWriter.HtmlAsync(page, to));
        if (markdown is not null)
            await PageFiles.WriteAsync(place, markdown, to => PageWriter.MarkdownAsync(page, to));
        return html is not null || markdown is not null;
    }
}
