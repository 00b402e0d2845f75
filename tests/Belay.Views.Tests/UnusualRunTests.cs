using System.Collections.Immutable;
using System.Diagnostics;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>Runs that are long, just begun, or stopped in an odd place have readable reports too.</summary>
public sealed class UnusualRunTests
{
    [Fact]
    public async Task A_thousand_steps_make_a_page_of_a_few_megabytes_within_seconds()
    {
        var entries = Run(1000);
        await Rendered.HtmlAsync(entries, []);
        var began = Stopwatch.GetTimestamp();

        var html = await Rendered.HtmlAsync(entries, []);

        Assert.InRange(html.Length, 0, 4_000_000);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("Step 999", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_without_its_beginning_is_refused_with_words()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Rendered.HtmlAsync([.. Run(1).Skip(1)], []));

        Assert.Contains("does not begin with the start of a run", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_only_begun_has_a_report()
    {
        var page = await Rendered.HtmlAsync([.. Run(2).Take(1)], []);

        Assert.Contains("under way", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_about_a_loop_names_it_without_a_link_that_leads_nowhere()
    {
        var loop = new EachStarted
        {
            Step = "roll",
            Members = [new LoopMember("web1", JournalBuilder.Json("\"web1\""))],
        };
        var page = await Rendered.PageAsync(
            new JournalBuilder()
                .Add(Happenings.Started(Shop.Plan), loop, Happenings.Halted(HaltCause.StepFailed, "no members", "roll"))
                .Entries
        );

        Assert.Equal("roll", page.Rows("halts")[0][2]);
        Assert.Equal("nothing yet", page.Rows("halts")[0][4]);
        Assert.DoesNotContain(page.QuerySelectorAll("#halts a"), _ => true);
    }

    private static IReadOnlyList<JournalEntry> Run(int steps)
    {
        var item = (DoItem)Shop.Plan.Steps[1];
        var items = Enumerable.Range(1, steps).Select(n => item with { Id = $"s{n}", Title = $"Step {n}" });
        var journal = new JournalBuilder().Add(Happenings.Started(Shop.Plan with { Steps = [.. items.Cast<Item>()] }));
        for (var n = 1; n <= steps; n++)
            journal.Change($"s{n}", "postgresql.migrate", 0.5).Sample(2, 9);
        return journal.Entries;
    }
}
