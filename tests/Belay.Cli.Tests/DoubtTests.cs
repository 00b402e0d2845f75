namespace Belay.Cli.Tests;

/// <summary>A command without a check, killed half-way together with Belay: only a person can say whether it happened.</summary>
public sealed class DoubtTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task The_resume_halts_in_doubt_and_the_status_says_what_to_look_at_and_the_ways_on()
    {
        await KilledWhileSendingAsync();

        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 7, resumed.ToString());
        var status = await desk.BelayAsync("status");
        Assert.Equal(7, status.ExitCode);
        foreach (
            var said in (string[])
                [
                    "HALTED, IN DOUBT",
                    "'send' (shell.run",
                    "upgrade.yaml:9",
                    "perhaps only in part: send",
                    "belay resolve send one --happened|--did-not --reason",
                    "belay resume one",
                    "belay rollback one",
                    "belay abandon one --reason",
                ]
        )
            Assert.Contains(said, status.Output, StringComparison.Ordinal);
        // Without a word it stays in doubt, and nothing is done again.
        Assert.Equal(7, (await desk.BelayAsync("resume")).ExitCode);
        Assert.Equal("sent\n", desk.Read("sent.log"));
    }

    [Fact]
    public async Task After_the_word_that_it_happened_it_is_not_done_again_and_the_reason_is_kept()
    {
        await KilledWhileSendingAsync();
        await desk.BelayAsync("resume");

        var other = await desk.BelayAsync("resolve", "first", "--happened", "--reason", "saw it");
        Assert.True(other.ExitCode == 1 && other.Error.Contains("in doubt is send"), other.ToString());
        var resolved = await desk.BelayAsync("resolve", "send", "--happened", "--reason", "it lies in the outbox");
        Assert.True(resolved.ExitCode == 0, resolved.ToString());
        Assert.Contains("belay resume one", resolved.Output, StringComparison.Ordinal);
        var resumed = await desk.BelayAsync("resume");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("sent\n", desk.Read("sent.log"));
        Assert.True(desk.Has("second.txt"));
        Assert.Contains("it lies in the outbox", desk.Read(".belay/runs/one/journal.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_word_that_it_did_not_happen_it_is_done()
    {
        await KilledWhileSendingAsync();
        await desk.BelayAsync("resume");

        var resolved = await desk.BelayAsync("resolve", "send", "--did-not", "--reason", "the outbox is empty");
        Assert.True(resolved.ExitCode == 0, resolved.ToString());
        var resumed = await desk.BelayAsync("resume");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("sent\nsent\n", desk.Read("sent.log"));
        Assert.Equal(0, (await desk.BelayAsync("verify")).ExitCode);
    }

    private async Task KilledWhileSendingAsync()
    {
        desk.Write("upgrade.yaml", Plans.Sending);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await Desk.UntilAsync(() => desk.Has("sent.log") && desk.Read("sent.log").Length > 0);
        await Desk.KillAsync(run);
        Assert.Equal(4, (await desk.BelayAsync("status")).ExitCode);
    }
}
