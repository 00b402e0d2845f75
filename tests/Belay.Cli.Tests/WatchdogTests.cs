using System.Diagnostics;

namespace Belay.Cli.Tests;

/// <summary>A freeze ends at its deadline, whatever became of Belay: real processes, really killed, never started again.</summary>
public sealed class WatchdogTests : IDisposable
{
    private const string Frozen = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: quiet
            during:
              freeze: shell.run
              with:
                command: [touch, frozen]
                check: { command: [test, -e, frozen] }
                undo: { command: [rm, -f, frozen] }
              at-most: 4s
            steps:
              - id: switch
                do: shell.run
                with:
                  command: [sh, -c, "touch begun; sleep 30; touch switched"]
                  check: { command: [test, -e, switched] }
                  undo: { command: [rm, -f, switched] }
                limit: 1m
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("KILL", "it died")]
    [InlineData("STOP", "it hangs")]
    public async Task What_is_frozen_is_thawed_at_the_deadline_though_Belay_is_gone(string signal, string why)
    {
        desk.Write("upgrade.yaml", Frozen);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await UntilAsync(() => desk.Has("begun"), "the step inside began");
        Assert.True(desk.Has("frozen"));
        // Whatever becomes of the files meanwhile: the watchdog has read what it needs.
        desk.Write("environments/default.yaml", "no: [such");

        await SignalAsync(run, signal);

        await UntilAsync(() => !desk.Has("frozen"), $"thawed although {why}");
        await desk.UntilJournalHasAsync("one", "freeze-overdue");
        Assert.True(run.HasExited);
        // The step inside was ended too: it can do nothing any more to a store that accepts writes.
        Assert.False(desk.Has("switched"));
        await UntilAsync(NoWatchdogIsLeft, "the watchdog is gone");
        File.Delete(desk.PathOf("environments/default.yaml"));
        var status = await desk.BelayAsync("status");
        Assert.True(status.ExitCode is 4 or 7, status.ToString());
        Assert.Contains("the watchdog did", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("verify")).ExitCode);
    }

    [Fact]
    public async Task A_freeze_that_is_begun_anew_by_a_resume_is_kept_by_a_watchdog_of_its_own()
    {
        desk.Write("upgrade.yaml", Frozen);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await UntilAsync(() => desk.Has("begun"), "the step inside began");
        await Desk.KillAsync(run);
        File.Delete(desk.PathOf("begun"));
        using var resumed = desk.Start("resume", "one");
        await UntilAsync(() => desk.Has("begun"), "the step inside began again");
        Assert.True(desk.Has("frozen"));

        await Desk.KillAsync(resumed);

        await UntilAsync(() => !desk.Has("frozen"), "thawed although the second one died, too");
        await desk.UntilJournalHasAsync("one", "freeze-overdue");
        await UntilAsync(NoWatchdogIsLeft, "the watchdog is gone");
    }

    [Fact]
    public async Task A_watchdog_leaves_with_the_freeze_that_it_was_armed_for()
    {
        desk.Write("upgrade.yaml", Frozen.Replace("sleep 30;", "", StringComparison.Ordinal));

        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.False(desk.Has("frozen"));
        await UntilAsync(NoWatchdogIsLeft, "the watchdog is gone");
    }

    private bool NoWatchdogIsLeft() =>
        Directory.GetFiles(Path.GetDirectoryName(desk.JournalOf("one"))!, "*.armed").Length == 0;

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), what);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
