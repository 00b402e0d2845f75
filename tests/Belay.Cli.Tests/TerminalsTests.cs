using System.Diagnostics;

namespace Belay.Cli.Tests;

/// <summary>Several terminals, signals and crashes.</summary>
public sealed class TerminalsTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_confirmation_from_a_second_terminal_lets_the_run_go_on()
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");

        var waiting = await desk.BelayAsync("status");
        Assert.True(waiting.ExitCode == 5, waiting.ToString());
        Assert.Contains("belay confirm look one", waiting.Output, StringComparison.Ordinal);

        var confirmed = await desk.BelayAsync("confirm", "look", "--by", "ben", "--note", "looks good");
        Assert.True(confirmed.ExitCode == 0, confirmed.ToString());
        Assert.Equal(0, (await Desk.EndOfAsync(run)).ExitCode);
        Assert.Contains(
            "looks good",
            await File.ReadAllTextAsync(desk.JournalOf("one"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Only_who_has_the_role_and_did_not_start_the_run_may_approve()
    {
        desk.Write("upgrade.yaml", Plans.Approving);
        desk.Write("environments/default.yaml", "roles:\n  release-manager: [anna, ben]\n");
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "approval-requested");

        var starter = await desk.BelayAsync("approve", "go", "--by", "anna");
        Assert.True(
            starter.ExitCode == 1 && starter.Error.Contains("started the run", StringComparison.Ordinal),
            starter.ToString()
        );
        var stranger = await desk.BelayAsync("approve", "go", "--by", "carl");
        Assert.True(
            stranger.ExitCode == 1 && stranger.Error.Contains("is not release-manager", StringComparison.Ordinal),
            stranger.ToString()
        );
        var other = await desk.BelayAsync("approve", "first", "--by", "ben");
        Assert.True(other.ExitCode == 1 && other.Error.Contains("'go'", StringComparison.Ordinal), other.ToString());
        Assert.Equal(0, (await desk.BelayAsync("approve", "go", "--by", "ben")).ExitCode);
        Assert.Equal(0, (await Desk.EndOfAsync(run)).ExitCode);
    }

    [Fact]
    public async Task Who_approves_sees_what_will_be_done_and_a_change_of_it_asks_again()
    {
        desk.Write("upgrade.yaml", Plans.Approving);
        desk.Write("environments/default.yaml", "roles: { release-manager: [ben] }\n");
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--by", "anna", "--no-wait");

        var shown = await desk.BelayAsync("approve", "go", "--preview");
        Assert.True(
            shown.ExitCode == 0 && shown.Output.Contains("second.txt", StringComparison.Ordinal),
            shown.ToString()
        );
        Assert.Equal(0, (await desk.BelayAsync("approve", "go", "--by", "ben")).ExitCode);
        desk.Write("second.txt", "of somebody else");

        var resumed = await desk.BelayAsync("resume", "--by", "anna", "--no-wait");
        Assert.True(resumed.ExitCode == 5, resumed.ToString());
        Assert.Contains("changed since it was shown", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("approve", "go", "--by", "ben")).ExitCode);
        Assert.Equal(0, (await desk.BelayAsync("resume", "--by", "anna", "--no-wait")).ExitCode);
    }

    [Fact]
    public async Task A_run_that_may_not_wait_halts_at_the_approval_and_takes_it_at_the_resume()
    {
        desk.Write("upgrade.yaml", Plans.Approving);
        desk.Write("environments/default.yaml", "roles: { release-manager: [ben] }\n");
        Assert.Equal(
            5,
            (await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--by", "anna", "--no-wait")).ExitCode
        );

        var kept = await desk.BelayAsync("approve", "go", "--by", "ben");
        Assert.True(
            kept.ExitCode == 0 && kept.Output.Contains("belay resume one", StringComparison.Ordinal),
            kept.ToString()
        );
        var resumed = await desk.BelayAsync("resume", "--by", "anna", "--no-wait");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_halts_the_run_at_a_safe_point(string signal)
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");
        await Desk.SignalAsync(run, signal);

        var ended = await Desk.EndOfAsync(run);
        Assert.True(ended.ExitCode == 4, ended.ToString());
        Assert.Contains("halting at the next safe point", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("verify")).ExitCode);
        Assert.Equal(6, (await desk.BelayAsync("rollback")).ExitCode);
        Assert.False(desk.Has("first.txt"));
    }

    [Fact]
    public async Task A_killed_engine_is_said_to_be_dead_and_the_run_goes_on_with_resume()
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");
        await Desk.SignalAsync(run, "KILL");
        await Desk.EndOfAsync(run);

        var status = await desk.BelayAsync("status");
        Assert.True(status.ExitCode == 4, status.ToString());
        Assert.Contains("THE ENGINE DIED", status.Output, StringComparison.Ordinal);
        Assert.Contains("belay resume one", status.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await desk.BelayAsync("confirm", "look")).ExitCode);
        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.True(desk.Has("second.txt"));
    }

    [Fact]
    public async Task A_second_run_of_an_environment_is_refused_and_says_who_is_at_work()
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");

        var second = await desk.BelayAsync("run", "upgrade.yaml", "--by", "ben");
        Assert.True(second.ExitCode == 1, second.ToString());
        Assert.Contains("anna", second.Error, StringComparison.Ordinal);

        var halted = await desk.BelayAsync("halt", "--by", "ben", "--reason", "lunch");
        Assert.True(halted.ExitCode == 0, halted.ToString());
        Assert.Contains("lunch", halted.Output, StringComparison.Ordinal);
        Assert.Equal(4, (await Desk.EndOfAsync(run)).ExitCode);
        Assert.Equal(1, (await desk.BelayAsync("halt")).ExitCode);
    }

    [Fact]
    public async Task Following_shows_what_the_run_shows()
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");
        using var follow = desk.Start("follow");
        Assert.Equal(0, (await desk.BelayAsync("confirm", "look")).ExitCode);

        var shown = await Desk.EndOfAsync(run);
        var followed = await Desk.EndOfAsync(follow);
        Assert.Equal(0, followed.ExitCode);
        Assert.Equal(EventsOf(shown), EventsOf(followed));
    }

    private static string[] EventsOf(Ended ended) =>
        [.. ended.Output.Split('\n').Where(line => line.Contains("Z  ", StringComparison.Ordinal))];
}
