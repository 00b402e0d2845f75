using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>What was compared in two stores stands as a table, each number as the journal has it.</summary>
public sealed class ComparisonReportTests
{
    private const string State = """
        {
          "behind": 7,
          "comparison": {
            "from": "db-old",
            "to": "db-new",
            "parts": [
              { "name": "public.orders", "unit": "rows", "in-from": 1200345, "in-to": 1200340, "compared": 200000, "is-sample": true, "differing": 2, "examples": ["{17}", "{18}"] },
              { "name": "public.lines", "unit": "rows", "in-from": 12, "in-to": 12, "compared": 12, "is-sample": false, "differing": 0, "examples": [] }
            ]
          }
        }
        """;

    [Fact]
    public async Task Each_part_stands_with_both_counts_how_many_were_compared_and_how_many_differ()
    {
        var page = await Rendered.PageAsync(Compared(State));

        Assert.Equal(
            ["What", "In db-old", "In db-new", "Compared", "Different", "For example"],
            page.QuerySelectorAll("#compared > table th[scope=col]").Select(header => header.TextContent)
        );
        Assert.Contains(
            "The old release answers: db-old and db-new",
            page.QuerySelector("#compared > table caption")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["public.orders", "1,200,345 rows", "1,200,340 rows", "200,000, a sample", "2", "{17}; {18}"],
            page.Row("compared", "public.orders")
        );
        Assert.Equal(
            ["public.lines", "12 rows", "12 rows", "12, all", "none", ""],
            page.Row("compared", "public.lines")
        );
    }

    [Fact]
    public async Task Markdown_says_the_same()
    {
        var text = await Rendered.MarkdownAsync(Compared(State));

        Assert.Contains("## What was compared", text, StringComparison.Ordinal);
        Assert.Contains("1,200,345 rows | 1,200,340 rows | 200,000, a sample | 2 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_of_several_comparisons_counts_and_one_that_never_held_is_shown_too()
    {
        var page = await Rendered.PageAsync(
            new JournalBuilder()
                .Add(Happenings.Started(Shop.Plan), new StepStarted { Step = "proof" })
                .Add(Answered(State.Replace("1200340", "1100000", StringComparison.Ordinal)))
                .Add(Answered(State))
                .Add(Happenings.Halted(HaltCause.CheckFailed, "db-new differs", "proof"))
                .Entries
        );

        Assert.Equal("1,200,340 rows", page.Row("compared", "public.orders")[2]);
    }

    [Fact]
    public async Task A_proven_backup_shows_what_came_out_of_it()
    {
        var proven = new StoreComparison
        {
            From = "saved",
            To = "restored",
            Parts = [ComparedPart.Alike("orders", "documents", 41)],
        };
        var state = $$"""{ "comparison": {{JsonSerializer.Serialize(proven, BelayJson.NewOptions())}} }""";
        var page = await Rendered.PageAsync(
            new JournalBuilder()
                .Add(
                    Happenings.Started(Shop.Plan),
                    Happenings.Intent("backup", "mongodb.backup"),
                    Happenings.Done("backup") with
                    {
                        After = JournalBuilder.Json(state),
                    }
                )
                .Entries
        );

        Assert.Equal(["orders", "41 documents", "41 documents", "41, all", "none", ""], page.Row("compared", "orders"));
    }

    [Theory]
    [InlineData("""{ "comparison": "none" }""")]
    [InlineData("""{ "comparison": { "from": "a", "to": "b", "parts": [null] } }""")]
    [InlineData("""{ "comparison": { "from": "a", "to": "b" } }""")]
    [InlineData("""{ "comparison": null }""")]
    [InlineData("[1]")]
    public async Task What_is_no_comparison_makes_no_table(string state)
    {
        var page = await Rendered.PageAsync(Compared(state));

        Assert.Null(page.QuerySelector("#compared"));
    }

    private static IReadOnlyList<JournalEntry> Compared(string state) =>
        new JournalBuilder()
            .Add(
                Happenings.Started(Shop.Plan),
                new StepStarted { Step = "preflight.1" },
                new StepDone { Step = "preflight.1", After = JournalBuilder.Json(state) }
            )
            .Entries;

    private static Checked Answered(string state) =>
        new()
        {
            Step = "proof",
            Answer = Answer.NotYet,
            Why = "db-new differs",
            Observed = JournalBuilder.Json(state),
        };
}
