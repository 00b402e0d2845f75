using System.Text;
using System.Text.Json;
using Belay.Domain.Journal;
using JournalKit;

namespace Belay.Cli.Tests;

/// <summary>What people and machines do to a run: impatience, haste, a full disk, a power cut.</summary>
public sealed class MishapTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_second_Ctrl_C_leaves_at_once_and_the_journal_stays_whole()
    {
        desk.Write("upgrade.yaml", Plans.Working);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await desk.UntilJournalHasAsync("one", "\"child-started\"");
        await Desk.SignalAsync(run, "INT");
        while (
            await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && !line.Contains("again to leave at once", StringComparison.Ordinal)
        ) { }
        Assert.False(run.HasExited);

        // The step itself goes on for ever.
        await Desk.SignalAsync(run, "INT");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, run.ExitCode);
        Assert.False(desk.Has("work.log"));
        var proof = await desk.BelayAsync("verify");
        Assert.True(proof.ExitCode == 0, proof.ToString());
        Assert.Equal(4, (await desk.BelayAsync("status")).ExitCode);
        desk.Write("go", "");
        Assert.Equal(0, (await desk.BelayAsync("resume")).ExitCode);
        Assert.Equal("done\n", desk.Read("work.log"));
    }

    [Fact]
    public async Task Of_two_operators_who_start_at_once_one_is_refused_and_the_status_says_who_is_at_work()
    {
        desk.Write("upgrade.yaml", Plans.Confirming);
        var operators = (string[])["anna", "ben"];
        var started = operators.Select(who => desk.Start("run", "upgrade.yaml", "--by", who)).ToArray();

        await Desk.UntilAsync(() => started.Any(run => run.HasExited));
        var refusedAt = started[0].HasExited ? 0 : 1;
        var refused = await Desk.EndOfAsync(started[refusedAt]);
        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("is in use by", refused.Error, StringComparison.Ordinal);
        Assert.Contains("belay follow", refused.Error, StringComparison.Ordinal);

        Ended status;
        while ((status = await desk.BelayAsync("status")).ExitCode != 5)
            Assert.False(started[1 - refusedAt].HasExited);
        Assert.Contains($"at work on it: {operators[1 - refusedAt]}", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("confirm", "look")).ExitCode);
        Assert.Equal(0, (await Desk.EndOfAsync(started[1 - refusedAt])).ExitCode);
        using var runs = JsonDocument.Parse((await desk.BelayAsync("runs", "--output", "json")).Output);
        Assert.Equal(1, runs.RootElement.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task A_machine_that_restarts_during_a_soak_loses_none_of_the_time_that_was_sampled()
    {
        desk.Write("upgrade.yaml", Plans.Soaking);
        using (var run = desk.Start("run", "upgrade.yaml", "--run", "one"))
        {
            await Desk.UntilAsync(() => File.Exists(desk.JournalOf("one")) && SoakedBy("one").Any(time => time >= 4));
            await Desk.KillAsync(run);
        }
        var before = SoakedBy("one");

        var resumed = await desk.BelayAsync("resume");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        var after = SoakedBy("one").Skip(before.Count).ToArray();
        Assert.True(after[0] > before[^1], $"{before[^1]} s were soaked, and after the restart {after[0]} s");
        Assert.True(after[^1] >= 8, $"only {after[^1]} s were soaked in all");
        Assert.True(desk.Has("second.txt"));
    }

    [Fact]
    public async Task On_a_full_disk_the_run_halts_says_so_and_goes_on_once_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync("a run on a full disk");
        // The last page of the journal has room for a few lines more, whatever the disk says: so many steps have not.
        var more = Enumerable.Range(1, 20).Select(n => FormattableString.Invariant($"more-{n}"));
        desk.Write(
            "upgrade.yaml",
            Plans.Working
                + string.Concat(
                    more.Select(id => $"\n  - {{ id: {id}, do: files.write, with: {{ path: {id}.txt, content: x }} }}")
                )
        );
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--state", disk.Path);
        var journal = Path.Combine(disk.Path, "runs", "one", "journal.jsonl");
        await Desk.UntilAsync(() => File.Exists(journal) && Lines(journal).Any(IsStartOfChild));

        disk.Fill(left: 0);
        desk.Write("go", "");
        var ended = await Desk.EndOfAsync(run);

        Assert.True(ended.ExitCode == 4, ended.ToString());
        Assert.Contains("No space left on device", ended.Error, StringComparison.Ordinal);
        Assert.Contains(disk.Path, ended.Error, StringComparison.Ordinal);
        Assert.False(desk.Has("more-20.txt"));
        Assert.Equal(4, (await desk.BelayAsync("status", "--state", disk.Path)).ExitCode);
        var still = await desk.BelayAsync("resume", "--state", disk.Path);
        Assert.True(still.ExitCode is 1 or 4, still.ToString());

        disk.Free();
        var resumed = await desk.BelayAsync("resume", "--state", disk.Path);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("done\n", desk.Read("work.log"));
        Assert.True(desk.Has("more-20.txt"));
        Assert.Equal(0, (await desk.BelayAsync("verify", "--state", disk.Path)).ExitCode);

        static bool IsStartOfChild(string line) => line.Contains("\"child-started\"", StringComparison.Ordinal);
    }

    /// <summary>The soaked seconds, as they were journaled.</summary>
    private List<double> SoakedBy(string run) =>
        [
            .. Lines(desk.JournalOf(run))
                .Select(line => JournalLine.Read(Encoding.UTF8.GetBytes(line)).Event)
                .OfType<Soaked>()
                .Select(soaked => soaked.Time.TotalSeconds),
        ];

    /// <summary>The whole lines of a file that somebody may be writing to.</summary>
    private static string[] Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
