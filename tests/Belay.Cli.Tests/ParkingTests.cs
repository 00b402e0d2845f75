using System.Diagnostics;
using System.Text.Json;

namespace Belay.Cli.Tests;

/// <summary>Runs that park while they only wait.</summary>
public sealed class ParkingTests : IDisposable
{
    private readonly Desk desk = new();

    public ParkingTests()
    {
        desk.Write("environments/default.yaml", "parking: { after: 500ms }\n");
        desk.Write("health.txt", "well\n");
        desk.Write("other.yaml", Plan("third.txt", soak: null));
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_run_that_soaks_lets_one_pass_that_touches_nothing_of_it_and_refuses_another()
    {
        desk.Write("overlapping.yaml", Plan("first.txt", soak: null));
        using var parked = await ParkedAsync("10m");

        var status = await desk.BelayAsync("status", "one");
        var refused = await desk.BelayAsync("run", "overlapping.yaml", "--run", "two");
        var passed = await desk.BelayAsync("run", "other.yaml", "--run", "three");
        var runs = await desk.BelayAsync("runs", "--output", "json");

        Assert.True(status.ExitCode == 0, status.ToString());
        Assert.Contains("parked since", status.Output, StringComparison.Ordinal);
        Assert.Contains("stays with it: ", status.Output, StringComparison.Ordinal);
        Assert.Contains($"that touch none of file:{desk.PathOf("first.txt")}", status.Output, StringComparison.Ordinal);
        Assert.True(refused.ExitCode != 0, refused.ToString());
        Assert.Contains("run one of environment 'default' is parked until", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"file:{desk.PathOf("first.txt")}", refused.Error, StringComparison.Ordinal);
        Assert.True(passed.ExitCode == 0, passed.ToString());
        Assert.Contains("it passes one, parked", passed.Output, StringComparison.Ordinal);
        Assert.Equal(["done", "parked"], StandingsIn(runs.Output));

        Assert.Equal(0, (await desk.BelayAsync("halt", "one")).ExitCode);
        Assert.Equal(4, (await Desk.EndOfAsync(parked)).ExitCode);
        Assert.Equal(0, (await desk.BelayAsync("report", "one")).ExitCode);
        Assert.Contains("Parked", desk.Read(".belay/runs/one/report.html"), StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("verify", "one")).ExitCode);
    }

    [Fact]
    public async Task A_watch_that_fails_while_a_run_is_parked_halts_it()
    {
        using var parked = await ParkedAsync("10m");

        desk.Write("health.txt", "ill\n");

        var halted = await Desk.EndOfAsync(parked);
        Assert.True(halted.ExitCode == 4, halted.ToString());
        Assert.Contains("awake: watch 'health'", halted.Output, StringComparison.Ordinal);
        Assert.False(desk.Has("second.txt"));
    }

    [Fact]
    public async Task A_parked_run_is_halted_from_another_terminal()
    {
        using var parked = await ParkedAsync("10m");

        var halted = await desk.BelayAsync("halt", "one", "--by", "ben");

        Assert.True(halted.ExitCode == 0, halted.ToString());
        Assert.Contains("ben asked to halt", halted.Output, StringComparison.Ordinal);
        Assert.Equal(4, (await Desk.EndOfAsync(parked)).ExitCode);
        Assert.Equal(6, (await desk.BelayAsync("rollback", "one")).ExitCode);
        Assert.False(desk.Has("first.txt"));
    }

    [Fact]
    public async Task A_parked_run_whose_engine_was_killed_says_so_and_is_resumed()
    {
        using var parked = await ParkedAsync("4s");
        await Desk.KillAsync(parked);

        var alone = await desk.BelayAsync("status", "one");
        var passed = await desk.BelayAsync("run", "other.yaml", "--run", "two");
        var resumed = await desk.BelayAsync("resume", "one");

        Assert.True(alone.ExitCode == 4, alone.ToString());
        Assert.Contains("NOBODY STAYS WITH IT", alone.Output, StringComparison.Ordinal);
        Assert.Contains("belay resume one", alone.Output, StringComparison.Ordinal);
        Assert.True(passed.ExitCode == 0, passed.ToString());
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.True(desk.Has("second.txt"));
    }

    [Fact]
    public async Task A_parked_run_that_is_taken_back_from_another_terminal_ends_where_it_ran()
    {
        using var parked = await ParkedAsync("10m");

        var back = await desk.BelayAsync("rollback", "one");

        Assert.True(back.ExitCode == 6, back.ToString());
        Assert.False(desk.Has("first.txt"));
        Assert.Equal(6, (await Desk.EndOfAsync(parked)).ExitCode);
    }

    private async Task<Process> ParkedAsync(string soak)
    {
        desk.Write("upgrade.yaml", Plan("first.txt", soak));
        var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "run-parked");
        return run;
    }

    private static string[] StandingsIn(string json)
    {
        using var answer = JsonDocument.Parse(json);
        return
        [
            .. answer
                .RootElement.GetProperty("runs")
                .EnumerateArray()
                .Select(run => run.GetProperty("standing").GetString() ?? ""),
        ];
    }

    private static string Plan(string file, string? soak) =>
        $$"""
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            watch:
              health: { check: files.contains, with: { path: health.txt, text: well }, every: 200ms }
            steps:
              - id: first
                do: files.write
                with: { path: {{file}}, content: "${to}", show: true }
            """
        + (
            soak is null
                ? "\n"
                : $$"""

                      - soak: {{soak}}
                      - id: second
                        do: files.write
                        with: { path: second.txt, content: "${to}" }

                    """
        );
}
