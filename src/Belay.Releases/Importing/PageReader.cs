using System.Collections.Immutable;
using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Belay.Releases.Importing;

/// <summary>Reads a page into its pieces.</summary>
internal sealed class PageReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseTaskLists()
        .DisableHtml()
        .Build();

    private readonly ImmutableArray<PagePiece>.Builder pieces = ImmutableArray.CreateBuilder<PagePiece>();
    private readonly ImmutableArray<int> lines;

    private PageReader(ImmutableArray<int> lines) => this.lines = lines;

    public static ImmutableArray<PagePiece> Read(string page)
    {
        var (text, lines) = PastedText.Mend(page);
        var reader = new PageReader(lines);
        reader.Blocks(Markdown.Parse(text, Pipeline), isItem: false);
        return reader.pieces.ToImmutable();
    }

    private void Blocks(ContainerBlock blocks, bool isItem)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case HeadingBlock heading:
                    pieces.Add(new PagePiece.Heading(LineOf(heading), heading.Level, Text(heading.Inline)));
                    break;
                case CodeBlock code:
                    Code(code);
                    break;
                case ParagraphBlock paragraph:
                    Paragraph(paragraph, isItem);
                    // What follows in the same item explains it.
                    isItem = false;
                    break;
                case ListBlock list:
                    foreach (var item in list.OfType<ListItemBlock>())
                        Blocks(item, isItem: true);
                    break;
                case Table table:
                    foreach (var row in table.OfType<TableRow>().Where(row => !row.IsHeader))
                        Row(row);
                    break;
                case ContainerBlock container:
                    Blocks(container, isItem);
                    break;
            }
        }
    }

    private void Code(CodeBlock code)
    {
        var info = ((code as FencedCodeBlock)?.Info ?? "").Trim();
        var language = info == PastedText.LostInfo ? ((FencedCodeBlock)code).Arguments ?? "" : info;
        var content = code.Lines.ToString().Split('\n').Select(line => line.TrimEnd()).ToArray();
        var first = LineOf(code) + (code is FencedCodeBlock ? 1 : 0);
        // Four blanks before a line make code of it; in a copied page they may mean nothing.
        if (Array.TrueForAll(content, string.IsNullOrWhiteSpace))
        {
            pieces.Add(new PagePiece.Lost(LineOf(code), language));
        }
        else if (code is not FencedCodeBlock && !Array.Exists(content, ShellWords.IsOne))
        {
            Indented(first, content);
        }
        else
        {
            pieces.Add(
                new PagePiece.Code(code is FencedCodeBlock ? LineAt(code.Line + 1) : first, language, [.. content])
            );
        }
    }

    private void Indented(int first, string[] content)
    {
        if (!Array.Exists(content, IsBullet))
        {
            pieces.Add(new PagePiece.Paragraph(first, string.Join('\n', content)));
            return;
        }
        for (var i = 0; i < content.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(content[i]))
                pieces.Add(
                    IsBullet(content[i])
                        ? new PagePiece.ListItem(first + i, content[i].Trim()[2..].Trim())
                        : new PagePiece.Paragraph(first + i, content[i].Trim())
                );
        }
    }

    private static bool IsBullet(string line) =>
        line.TrimStart() is { } text
        && (text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("* ", StringComparison.Ordinal));

    private void Paragraph(ParagraphBlock paragraph, bool isItem)
    {
        var text = Text(paragraph.Inline);
        if (text.Length > 0)
            pieces.Add(
                isItem
                    ? new PagePiece.ListItem(LineOf(paragraph), text)
                    : new PagePiece.Paragraph(LineOf(paragraph), text)
            );
    }

    private void Row(TableRow row)
    {
        var cells = row.OfType<TableCell>()
            .Select(cell => string.Join(' ', cell.OfType<ParagraphBlock>().Select(p => Text(p.Inline))));
        pieces.Add(new PagePiece.Paragraph(LineOf(row), string.Join(": ", cells.Where(cell => cell.Length > 0))));
    }

    private int LineOf(Block block) => LineAt(block.Line);

    private int LineAt(int line) => lines[Math.Clamp(line, 0, lines.Length - 1)];

    private static string Text(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        Append(text, inlines);
        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, ContainerInline? inlines)
    {
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
        {
            switch (inline)
            {
                case CodeInline code:
                    text.Append('`').Append(code.Content).Append('`');
                    break;
                case LineBreakInline:
                    text.Append('\n');
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case TaskList:
                    break;
                case ContainerInline container:
                    Append(text, container);
                    break;
                default:
                    text.Append(inline);
                    break;
            }
        }
    }
}
