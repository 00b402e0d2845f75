using System.Text.Json.Nodes;

namespace Belay.Cli.Tests;

/// <summary>What earlier runs tell of the next one.</summary>
public sealed class EarlierRunsTests : IDisposable
{
    private const string Plan = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        inputs: { pace: { type: text, default: "0.1" } }
        steps:
          - id: work
            do: shell.run
            with:
              command: [sh, -c, "sleep ${inputs.pace}; echo x >work.log"]
              check: { command: [test, -e, work.log] }
              undo: { command: [rm, -f, work.log] }
          - id: look
            confirm: { instructions: Look at it }
          - id: last
            do: files.write
            with: { path: last.txt, content: "${to}" }
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Before_anything_was_measured_nothing_is_promised()
    {
        desk.Write("upgrade.yaml", Plan);

        var plan = await desk.BelayAsync("plan", "upgrade.yaml", "--until", "2199-01-01T04:00Z");

        Assert.Contains("nothing was measured in earlier runs", plan.Output, StringComparison.Ordinal);
        Assert.Contains("the whole cannot be told", plan.Output, StringComparison.Ordinal);
        Assert.Contains("never measured: last, work; nobody can say: look", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_times_of_an_earlier_run_tell_the_time_left_whether_it_fits_and_what_going_back_takes()
    {
        desk.Write("upgrade.yaml", Plan);
        await HaltAtLookAsync("one", "--input", "pace=2");
        var back = await desk.BelayAsync("rollback", "one");
        Assert.True(back.ExitCode == 6, back.ToString());

        var soon = TimeProvider.System.GetUtcNow().AddSeconds(1.5).ToString("O");
        var late = await desk.BelayAsync("plan", "upgrade.yaml", "--until", soon);
        var plan = await desk.BelayAsync("plan", "upgrade.yaml");
        var lint = await desk.BelayAsync("lint", "upgrade.yaml");
        var run = await HaltAtLookAsync("two", "--input", "pace=0.1");
        await desk.BelayAsync("report", "two", "--markdown", "two.md");
        var unmeasured = await desk.BelayAsync("status", "two");
        await desk.BelayAsync("confirm", "look");
        await desk.BelayAsync("resume", "two");
        File.Delete(desk.PathOf("work.log"));
        File.Delete(desk.PathOf("last.txt"));
        await HaltAtLookAsync("three");
        var status = await desk.BelayAsync("status", "three");

        Assert.True(late.ExitCode == 3, late.ToString());
        Assert.Contains("it does not fit", late.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"time: about 2\.\ds, 2\.\ds if everything is slow; never measured: last; nobody can say: look",
            plan.Output
        );
        Assert.All(
            [
                plan.Output,
                lint.Output,
                run.Output,
                await File.ReadAllTextAsync(desk.PathOf("two.md"), TestContext.Current.CancellationToken),
            ],
            shown => Assert.Matches(@"work\b.*exact, about \d+ms, measured on 1 run", shown)
        );
        Assert.DoesNotContain("time left", unmeasured.Output, StringComparison.Ordinal);
        Assert.Matches(@"time left +about \d+ms, \d+ms if everything is slow; nobody can say: look", status.Output);
        Assert.Matches(@"way back +exact: .*, in about \d+ms as earlier runs tell", status.Output);
    }

    [Fact]
    public async Task Two_runs_are_compared_by_plan_outcome_effect_and_time()
    {
        desk.Write("upgrade.yaml", Plan);
        await HaltAtLookAsync("one", "--input", "pace=2.2");
        await desk.BelayAsync("rollback", "one");
        desk.Write("upgrade.yaml", Plan.Replace("id: last", "id: final", StringComparison.Ordinal));
        await HaltAtLookAsync("two", "--input", "pace=0.1");

        var same = await desk.BelayAsync("compare", "two", "two");
        var compared = await desk.BelayAsync("compare", "one", "two");

        Assert.Equal(0, same.ExitCode);
        Assert.Equal(2, compared.ExitCode);
        Assert.Contains("plan   added final", compared.Output, StringComparison.Ordinal);
        Assert.Contains("plan   removed last", compared.Output, StringComparison.Ordinal);
        Assert.Contains("step   work: Undone", compared.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_much_work_a_step_was_in_the_newest_run_is_reckoned_with_and_compared()
    {
        const string Copying = """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: copy
                do: files.copy
                with: { from: release, to: live }
              - id: look
                confirm: { instructions: Look at it }
            """;
        desk.Write("upgrade.yaml", Copying);
        desk.Write("release/1.txt", "1");
        await HaltAtLookAsync("one");
        await desk.BelayAsync("rollback", "one");
        foreach (var name in (string[])["2", "3", "4"])
            desk.Write($"release/{name}.txt", name);
        await HaltAtLookAsync("two");
        await desk.BelayAsync("rollback", "two");

        var plan = await desk.BelayAsync("plan", "upgrade.yaml");
        var compared = await desk.BelayAsync("compare", "one", "two", "--output", "json");

        Assert.Contains("with 4 files in 'copy'", plan.Output, StringComparison.Ordinal);
        Assert.Matches("\"count\": *1,\\s*\"unit\": *\"files\"", compared.Output);
        Assert.Matches("\"count\": *4,\\s*\"unit\": *\"files\"", compared.Output);
    }

    [Fact]
    public async Task A_journal_is_read_again_only_when_it_has_changed_and_the_notes_of_it_may_be_lost_or_forged()
    {
        desk.Write("upgrade.yaml", Plan);
        await HaltAtLookAsync("one", "--input", "pace=0.1");
        const string Notes = ".belay/environments/default/measured.json";
        await desk.BelayAsync("plan", "upgrade.yaml");
        var noted = JsonNode.Parse(desk.Read(Notes))!;

        // A time that no journal has told: when it is believed, no journal was read.
        foreach (var time in noted["runs"]![0]!["times"]!.AsArray())
            time!["took"] = "7m";
        desk.Write(Notes, noted.ToJsonString());
        var believed = await desk.BelayAsync("plan", "upgrade.yaml");
        await desk.BelayAsync("confirm", "look");
        await desk.BelayAsync("resume", "one");
        var changed = await desk.BelayAsync("plan", "upgrade.yaml");
        desk.Write(Notes, "[[[");
        var forged = await desk.BelayAsync("plan", "upgrade.yaml");
        File.Delete(desk.PathOf(Notes));
        var lost = await desk.BelayAsync("plan", "upgrade.yaml");

        Assert.Contains("time: about 7m", believed.Output, StringComparison.Ordinal);
        Assert.All(
            [changed, forged, lost],
            plan =>
            {
                Assert.Matches(
                    @"time: about [\d.]+m?s, [\d.]+m?s if everything is slow; nobody can say: look",
                    plan.Output
                );
                Assert.DoesNotContain("7m", plan.Output, StringComparison.Ordinal);
            }
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(desk.PathOf(Notes)));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("2001-01-01T04:00Z")]
    public async Task A_window_that_is_no_time_or_has_passed_is_refused(string until)
    {
        desk.Write("upgrade.yaml", Plan);

        Assert.Equal(64, (await desk.BelayAsync("plan", "upgrade.yaml", "--until", until)).ExitCode);
    }

    private async Task<Ended> HaltAtLookAsync(string run, params string[] words)
    {
        var ended = await desk.BelayAsync(["run", "upgrade.yaml", "--run", run, "--no-wait", .. words]);
        Assert.True(ended.ExitCode == 5, ended.ToString());
        return ended;
    }
}
