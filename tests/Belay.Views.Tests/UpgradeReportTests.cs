using System.Globalization;
using AngleSharp.Dom;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>What a reader learns of an upgrade that reached its end the hard way.</summary>
public sealed class UpgradeReportTests
{
    [Fact]
    public async Task The_top_says_what_was_run_and_how_it_ended()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal("storefront from 4.1.0 to 4.2.0", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("done", page.QuerySelector("header .badge")!.TextContent);
        Assert.Equal("production", page.Row("summary", "Environment")[1]);
        Assert.Equal("2026-03-14 02:00:00Z", page.Row("summary", "Started")[1]);
        Assert.Equal("1h43m", page.Row("summary", "Took")[1]);
        Assert.Equal("alice", page.Row("summary", "Started by")[1]);
        Assert.Equal("ops1", page.Row("summary", "Host")[1]);
        Assert.Equal("0.1.0", page.Row("summary", "Belay")[1]);
        Assert.Equal(new string('2', 64), page.Row("summary", "Plan hash")[1]);
        Assert.Equal("20260314-020000-storefront", page.Row("summary", "Run")[1]);
    }

    [Fact]
    public async Task Each_halt_stands_with_its_cause_and_what_was_done()
    {
        var halts = (await Rendered.PageAsync(UpgradeStory.Entries)).Rows("halts");

        Assert.Equal("a step failed", halts[0][1]);
        Assert.Equal("expand", halts[0][2]);
        Assert.Equal("the plan was mended and the run resumed by bob, 1h30m later", halts[0][4]);
        Assert.Equal("the engine died", halts[1][1]);
        Assert.Equal("resumed by bob, 30s later", halts[1][4]);
        Assert.Equal("a step is in doubt", halts[2][1]);
        Assert.Equal("resumed by dora, 2m00s later", halts[2][4]);
    }

    [Fact]
    public async Task What_was_shown_for_an_approval_stands_with_who_gave_it()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Contains(
            page.Rows("people"),
            row => row[1] == "carol" && row[2].StartsWith("approved", StringComparison.Ordinal)
        );
        var shown = page.QuerySelectorAll("#people details td").Select(cell => cell.TextContent.Trim());
        Assert.Equal(["writer of the sessions", "redis", "valkey"], shown);
    }

    [Fact]
    public async Task Numbers_that_checks_observed_stand_as_measured()
    {
        var measured = (await Rendered.PageAsync(UpgradeStory.Entries)).Rows("measured");

        Assert.Contains(measured, row => row is ["What the load generator counted", "values.requests-sent", "51234"]);
        Assert.Contains(measured, row => row is ["What the load generator counted", "values.requests-failed", "0"]);
        Assert.Contains(measured, row => row is ["What the load generator counted", "values.longest-gap-ms", "93.5"]);
        Assert.All(measured, row => Assert.True(double.TryParse(row[2], CultureInfo.InvariantCulture, out _), row[2]));
    }

    [Fact]
    public async Task The_tree_of_steps_says_state_time_attempts_and_what_was_special()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal(
            ["Expand the schema to 42", "done", "2026-03-14 02:00:02Z", "3.7s", "3", ""],
            page.Row("steps", "Expand the schema to 42")
        );
        Assert.Equal("already done", page.Row("steps", "Settings of release 4.2.0")[1]);
        Assert.Contains("adopted", page.Row("steps", "Fill cache B")[5], StringComparison.Ordinal);
        Assert.Equal("set aside", page.Row("steps", "web2")[1]);
        Assert.Equal("web2 never got healthy", page.Row("steps", "web2")[5]);
        Assert.Contains("soaked 5.0s, 25 samples", page.Rows("steps").Select(row => row[5]));
        Assert.Equal(["warm-cache", "inputs.warm is no"], page.Row("steps", "warm-cache"));
    }

    [Fact]
    public async Task A_step_shows_what_it_was_to_change_and_the_state_before_and_after()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);
        var expand = page.QuerySelectorAll("#details > details")
            .Single(step => step.TextContent.Contains("Expand the schema", StringComparison.Ordinal));
        var rows = expand
            .QuerySelectorAll("tbody > tr")
            .Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent.Trim())))
            .ToArray();

        Assert.Contains("schema version | 41 | 42", rows);
        Assert.Contains("table totals | none | orders_totals", rows);
        Assert.Contains("version | 41 | 42", rows);
        Assert.Contains("tables[1] | none | totals", rows);
        Assert.Contains("password | (secret) | another (secret)", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("tables[0]", StringComparison.Ordinal));
        Assert.Contains(
            rows,
            row => row.EndsWith("attempt failed: lock not granted within 1s", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_boundary_says_what_going_back_costs_and_where_the_run_stands()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Contains(
            "closed past the boundary, behind 'Contract the schema to 43'",
            page.QuerySelector("#boundary > p")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "restore from backup: writes after the backup are lost",
            page.Row("boundary", "Expand the schema to 42")[3]
        );
        Assert.Equal("exact; 20,040 keys are copied back", page.Row("boundary", "Attach the new server")[2]);
        Assert.Equal("2 done, 1 taken back", page.Row("boundary", "Attach the new server")[1]);
        Assert.Equal("done; the run stands here", page.Row("boundary", "Contract the schema to 43")[1]);
        Assert.Contains(
            "the boundary lies before this change",
            page.Row("boundary", "Contract the schema to 43")[3],
            StringComparison.Ordinal
        );
        Assert.Equal("orders wait for a lock", page.Rows("boundary")[^1][3]);
    }

    [Fact]
    public async Task Who_decided_what_stands_in_their_words()
    {
        var people = (await Rendered.PageAsync(UpgradeStory.Entries)).Rows("people");

        Assert.Contains(
            people,
            row =>
                row is [_, "carol", var what, "gate", "numbers look right"]
                && what.Contains("approved", StringComparison.Ordinal)
        );
        Assert.Contains(people, row => row is [_, "dora", "confirmed", "phone", _]);
        Assert.Contains(
            people,
            row => row is [_, "dora", "said that it happened", "contract", "table totals is gone, read with psql"]
        );
        Assert.Contains(people, row => row is [_, "bob", "was refused: approve gate", _, "bob mended the plan"]);
        Assert.Contains(people, row => row is [_, "bob", _, _, "the file release/migrations/042_expand.sql changed"]);
    }

    [Fact]
    public async Task Watches_show_their_counts_and_a_plot_with_the_failures_marked()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal(["shop", "30", "2", "2.1 ms", "800 ms", "503 from web2"], page.Row("watches", "shop"));
        Assert.Single(page.QuerySelectorAll("#watches .plot line.failure"));
        Assert.Equal(2, page.QuerySelectorAll("#watches .plot polyline").Length);
    }

    [Fact]
    public async Task The_time_line_tells_soaks_waits_undos_and_failures_apart()
    {
        var bars = (await Rendered.PageAsync(UpgradeStory.Entries))
            .QuerySelectorAll("#steps li:not(.group) rect")
            .Select(bar => bar.ClassName)
            .ToHashSet();

        Assert.Superset(
            new HashSet<string?> { "change", "check", "soak", "wait", "undo", "change failed", "change cut", "rest" },
            bars
        );
    }

    [Fact]
    public async Task Commands_stand_with_their_exit_codes()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal(
            ["pg_dump --format custom shop", "backup", "2026-03-14 02:00:00Z", "2.0s", "0"],
            page.Row("commands", "pg_dump --format custom shop")
        );
    }

    [Fact]
    public async Task The_chain_ends_in_the_hash_of_the_last_event()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal(UpgradeStory.Entries[^1].Hash, page.Row("journal", "Last hash")[1]);
        Assert.Equal("release/migrations/042_expand.sql", page.Row("journal", "release/migrations/042_expand.sql")[0]);
    }
}
