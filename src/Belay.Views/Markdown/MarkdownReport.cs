using Belay.Views.Reports;

namespace Belay.Views.Markdown;

/// <summary>Writes a report as GitHub-flavoured Markdown. Pictures are left out: what they show stands in tables.</summary>
internal static class MarkdownReport
{
    public static async Task WriteAsync(Report report, TextWriter to)
    {
        await to.WriteAsync($"# {MarkdownText.Escape(report.Title)}\n\n");
        await to.WriteAsync($"**{report.Status}**: {MarkdownText.Escape(report.Lead)}\n");
        foreach (var section in report.Sections)
        {
            await to.WriteAsync($"\n## {section.Heading}\n");
            foreach (var block in section.Blocks)
                await WriteAsync(block, to);
        }
    }

    private static async Task WriteAsync(Block block, TextWriter to)
    {
        switch (block)
        {
            case Block.Words words:
                await to.WriteAsync($"\n{MarkdownText.Escape(words.Text)}\n");
                break;
            case Block.Rows rows:
                await WriteAsync(rows.Table, to);
                break;
            case Block.Folded folded:
                await to.WriteAsync($"\n### {MarkdownText.Escape(folded.Title)} ({folded.Mark.Text})\n");
                foreach (var inner in folded.Blocks)
                    await WriteAsync(inner, to);
                break;
            case Block.Picture or Block.Plot:
                break;
            default:
                throw new InvalidOperationException($"a block of no known kind: {block.GetType().Name}");
        }
    }

    private static async Task WriteAsync(Table table, TextWriter to)
    {
        await to.WriteAsync($"\n{MarkdownText.Escape(table.Caption)}:\n\n");
        await to.WriteAsync($"| {string.Join(" | ", table.Columns.Select(MarkdownText.Escape))} |\n");
        await to.WriteAsync($"|{string.Concat(table.Columns.Select(_ => " --- |"))}\n");
        foreach (var row in table.Rows)
            await to.WriteAsync($"| {string.Join(" | ", row.Select(MarkdownText.Of))} |\n");
    }
}
