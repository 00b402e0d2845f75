using System.Text.Json;

namespace Belay.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_run_prints_a_line_an_event_and_ends_with_its_status()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--by", "anna");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal("1.1.0", desk.Read("second.txt"));
        Assert.Contains("Z  first: done", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Z  done: the new release is proven", ended.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 steps done", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ended.Output);
    }

    [Fact]
    public async Task The_events_as_json_are_the_lines_of_the_journal_and_the_status_comes_last()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--output", "json");

        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            await File.ReadAllLinesAsync(desk.JournalOf("one"), TestContext.Current.CancellationToken),
            lines[..^1]
        );
        using var status = JsonDocument.Parse(lines[^1]);
        Assert.Equal("status", status.RootElement.GetProperty("kind").GetString());
        Assert.Equal("done", status.RootElement.GetProperty("standing").GetString());
    }

    [Fact]
    public async Task A_failing_step_halts_the_run_and_it_goes_on_once_the_cause_is_mended()
    {
        desk.Write("upgrade.yaml", Plans.Failing);
        Assert.Equal(4, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--by", "anna")).ExitCode);

        var status = await desk.BelayAsync("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("HALTED", status.Output, StringComparison.Ordinal);
        Assert.Contains("upgrade.yaml:9", status.Output, StringComparison.Ordinal);
        Assert.Contains(
            "changes stand: first, second; perhaps only in part: second",
            status.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("exact: all 2 changes can be taken back", status.Output, StringComparison.Ordinal);
        foreach (var way in (string[])["belay resume one", "belay rollback one", "belay abandon one --reason"])
            Assert.Contains(way, status.Output, StringComparison.Ordinal);

        Directory.CreateDirectory(desk.PathOf("missing"));
        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("1.1.0", desk.Read("missing/second.txt"));
    }

    [Fact]
    public async Task A_mended_plan_shows_what_changed_and_goes_on()
    {
        desk.Write("upgrade.yaml", Plans.Failing);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        desk.Write("upgrade.yaml", Plans.Failing.Replace("missing/", "", StringComparison.Ordinal));

        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Contains("changed second", resumed.Output, StringComparison.Ordinal);
        Assert.True(desk.Has("second.txt"));
    }

    [Fact]
    public async Task A_plan_that_was_broken_during_the_halt_is_refused_and_the_way_round_it_is_named()
    {
        desk.Write("upgrade.yaml", Plans.Failing);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        desk.Write("upgrade.yaml", "belay: 1\nsteps: 3\n");

        var refused = await desk.BelayAsync("resume");
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("--as-started", refused.Output, StringComparison.Ordinal);

        Directory.CreateDirectory(desk.PathOf("missing"));
        Assert.Equal(0, (await desk.BelayAsync("resume", "--as-started")).ExitCode);
    }

    [Fact]
    public async Task A_halted_run_is_taken_back_though_its_plan_file_is_gone()
    {
        desk.Write("upgrade.yaml", Plans.Refused);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        File.Delete(desk.PathOf("upgrade.yaml"));

        var back = await desk.BelayAsync("rollback");
        Assert.True(back.ExitCode == 6, back.ToString());
        Assert.False(desk.Has("first.txt"));
        Assert.Equal(6, (await desk.BelayAsync("status")).ExitCode);
    }

    [Fact]
    public async Task The_preview_of_a_rollback_changes_nothing()
    {
        desk.Write("upgrade.yaml", Plans.Refused);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        var preview = await desk.BelayAsync("rollback", "--preview");
        Assert.Equal(0, preview.ExitCode);
        Assert.Contains("undo 'first' (files.write): exact", preview.Output, StringComparison.Ordinal);
        Assert.True(desk.Has("first.txt"));
    }

    [Fact]
    public async Task An_abandoned_run_is_closed_and_leaves_everything_as_it_stands()
    {
        desk.Write("upgrade.yaml", Plans.Refused);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.Equal(0, (await desk.BelayAsync("abandon", "--reason", "by hand")).ExitCode);
        Assert.True(desk.Has("first.txt"));
        Assert.Equal(1, (await desk.BelayAsync("status")).ExitCode);
        Assert.Equal(1, (await desk.BelayAsync("resume")).ExitCode);
    }

    [Fact]
    public async Task A_bad_plan_is_refused_with_every_problem_at_its_place()
    {
        desk.Write(
            "upgrade.yaml",
            "belay: 1\nupgrade: shop\nfrom: 1\nto: 2\nsteps:\n  - do: files.wrote\n  - doo: x\n"
        );
        var ended = await desk.BelayAsync("run", "upgrade.yaml");
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("upgrade.yaml:6:", ended.Error, StringComparison.Ordinal);
        Assert.Contains("upgrade.yaml:7:", ended.Error, StringComparison.Ordinal);
        Assert.Contains("files.write", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.PathOf(".belay")));
    }
}
