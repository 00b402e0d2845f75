using AngleSharp.Dom;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>What a reader learns of a run that went back.</summary>
public sealed class RollbackReportTests
{
    [Fact]
    public async Task The_loss_that_was_accepted_stands_with_its_number()
    {
        var page = await Rendered.PageAsync(RollbackStory.Entries);

        Assert.Equal("rolled back", page.QuerySelector("header .badge")!.TextContent);
        Assert.Contains(
            page.Rows("people"),
            row => row is [_, "alice", "rolled the run back; accepted the loss through expand", _, _]
        );
        Assert.Contains(
            page.Rows("halts"),
            row =>
                row
                    is [
                        _,
                        "a store was restored, with loss",
                        "expand",
                        "from backup: 17 rows written since 2026-03-14 02:00:02Z",
                    ]
        );
        Assert.Equal(
            "No change of this run stands in the live system: there is nothing to take back.",
            page.QuerySelector("#boundary > p")!.TextContent
        );
        Assert.Equal("taken back", page.Row("steps", "Expand the schema to 42")[1]);
    }

    [Fact]
    public async Task The_markdown_report_stays_as_it_is()
    {
        var actual = await Rendered.MarkdownAsync(RollbackStory.Entries);
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "rolled-back.md");
        var expected = await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken);
        // For the person who changed the report on purpose: this one is to be copied over the golden file.
        if (expected != actual)
            await File.WriteAllTextAsync(golden + ".actual", actual, TestContext.Current.CancellationToken);

        Assert.Equal(expected, actual);
    }
}
