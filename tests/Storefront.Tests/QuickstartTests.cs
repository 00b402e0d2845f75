using System.Text.RegularExpressions;

namespace Storefront.Tests;

/// <summary><c>./quickstart</c> itself: the real demonstration with the real Belay, whole, broken in each place, and killed on the way.</summary>
public sealed partial class QuickstartTests
{
    [Fact]
    public async Task A_bad_migration_halts_the_upgrade_and_the_way_back_loses_nothing()
    {
        using var show = await Show.OfAsync("--fail", "migrate");

        show.Halted(at: "expand", operation: "postgresql.migrate", why: """column "paid" does not exist""");
        show.WentBack();
        Assert.Contains("expand: taken back", show.Rollback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_never_gets_healthy_gets_no_customer_and_is_taken_back()
    {
        using var show = await Show.OfAsync("--fail", "roll");

        show.Halted(at: "start@shop-3", operation: "process.start", why: "was not ready within");
        Assert.DoesNotContain("attach@", show.Output, StringComparison.Ordinal);
        show.WentBack();
    }

    [Fact]
    public async Task A_cache_that_cannot_hold_the_sessions_is_refused_before_one_is_moved_and_both_servers_go_back()
    {
        using var show = await Show.OfAsync("--fail", "cache");

        show.Halted(at: "replicate", operation: "redis.replicate", why: "raise maxmemory of cache-new");
        show.WentBack();
        foreach (var server in (string[])["shop-3", "shop-4"])
            Assert.Contains($"start@{server}: taken back", show.Rollback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_currency_behind_healthy_servers_is_found_and_the_sessions_are_copied_back_at_the_cost_stated_before()
    {
        using var show = await Show.OfAsync("--fail", "verify");

        show.Halted(at: "journey", operation: "http.journey", why: "currency is \"USD\", expected \"EUR\"");
        var stated = CostOfTheCache().Match(show.Halt);
        Assert.True(stated.Success, show.Halt);
        Assert.True(Number(stated.Groups["keys"].Value) >= 20_000, stated.Value);
        show.WentBack();
        Assert.Matches(@"cut-over: [\d,]+ keys of [\d,]+ keys .*copying back", show.Rollback);
        Assert.Contains("cut-over: taken back", show.Rollback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_four_times_the_upgrade_is_done_and_nothing_is_lost()
    {
        using var show = await Show.OfAsync("--kill");

        Assert.Equal(4, Occurrences(show.Output, "killed Belay with SIGKILL"));
        Assert.Equal(4, Occurrences(show.Output, "  resumed by "));
        Assert.Contains("done: the new release is proven", show.Output, StringComparison.Ordinal);
        show.LostNothing(release: "4.2.0", schema: 43);
    }

    private static int Occurrences(string text, string of) => text.Split(of).Length - 1;

    private static long Number(string text) =>
        long.Parse(
            text,
            System.Globalization.NumberStyles.AllowThousands,
            System.Globalization.CultureInfo.InvariantCulture
        );

    [GeneratedRegex(
        "'cut-over' (?<keys>[0-9,]+) keys are copied back, writes frozen for at most 3s",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex CostOfTheCache();
}
