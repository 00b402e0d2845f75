using System.Text.Json;

namespace Belay.Cli.Tests;

public sealed class VerbTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task The_version_is_printed()
    {
        var ended = await desk.BelayAsync("--version");
        Assert.Equal(0, ended.ExitCode);
        Assert.StartsWith("0.1.0", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("run")]
    [InlineData("resolve", "step", "--reason", "x")]
    public async Task Bad_usage_ends_with_64_and_names_the_help(params string[] words)
    {
        var ended = await desk.BelayAsync(words);
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("--help", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_given_for_a_verb_though_its_arguments_are_missing()
    {
        var ended = await desk.BelayAsync("run", "--help");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("PLAN", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_run_the_verbs_say_how_to_begin_one()
    {
        foreach (var verb in (string[])["status", "resume", "rollback", "halt", "report", "verify", "follow"])
        {
            var ended = await desk.BelayAsync(verb);
            Assert.True(ended.ExitCode == 64, $"{verb}: {ended}");
            Assert.Contains("belay run PLAN", ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_name_of_a_run_brings_the_nearest_one()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "monday-upgrade");
        var ended = await desk.BelayAsync("status", "monday-upgarde");
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("did you mean monday-upgrade?", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_line_breaks_the_chain_for_every_verb()
    {
        desk.Write("upgrade.yaml", Plans.Failing);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        var journal = await File.ReadAllTextAsync(desk.JournalOf("one"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            desk.JournalOf("one"),
            journal.Replace("\"step\":\"first\"", "\"step\":\"fjrst\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var verified = await desk.BelayAsync("verify", desk.JournalOf("one"));
        Assert.Equal(3, verified.ExitCode);
        Assert.Contains("line 2", verified.Error, StringComparison.Ordinal);
        foreach (var verb in (string[])["status", "resume", "rollback"])
            Assert.Equal(4, (await desk.BelayAsync(verb)).ExitCode);
    }

    [Fact]
    public async Task A_journal_is_proven_wherever_it_was_copied_to()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        File.Copy(desk.JournalOf("one"), desk.PathOf("copy.jsonl"));
        var ended = await desk.BelayAsync("verify", "copy.jsonl", "--output", "json");
        Assert.Equal(0, ended.ExitCode);
        using var proof = JsonDocument.Parse(ended.Output);
        Assert.Equal("one", proof.RootElement.GetProperty("run").GetString());
        Assert.Equal(journalLines(), proof.RootElement.GetProperty("events").GetInt32());

        int journalLines() => File.ReadAllLines(desk.PathOf("copy.jsonl")).Length;
    }

    [Fact]
    public async Task The_preview_shows_what_would_change_and_changes_nothing()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        var before = await desk.BelayAsync("plan", "upgrade.yaml");
        Assert.True(before.ExitCode == 2, before.ToString());
        Assert.Contains("2 to make, 0 done already", before.Output, StringComparison.Ordinal);
        Assert.False(desk.Has("first.txt"));

        await desk.BelayAsync("run", "upgrade.yaml");
        var after = await desk.BelayAsync("plan", "upgrade.yaml");
        Assert.True(after.ExitCode == 0, after.ToString());
        Assert.Contains("0 to make, 2 done already", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_draws_the_boundary()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        var ended = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(
            """
            upgrade.yaml: shop 1.0.0 -> 1.1.0 on default, 2 items, 1 files
            what going back costs, once each change is done
              first   exact
              second  exact

            """,
            ended.Output
        );
    }

    [Fact]
    public async Task Init_writes_a_plan_that_runs_and_never_overwrites()
    {
        var first = await desk.BelayAsync("init");
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(0, (await desk.BelayAsync("lint", "upgrade.yaml", "--env", "example")).ExitCode);
        Assert.Equal(5, (await desk.BelayAsync("run", "upgrade.yaml", "--no-wait")).ExitCode);
        Assert.Equal("1.1.0\n", desk.Read("current-release"));

        desk.Write("upgrade.yaml", "mine");
        await desk.BelayAsync("init");
        Assert.Equal("mine", desk.Read("upgrade.yaml"));
        Assert.Equal(".belay/\n", desk.Read(".gitignore"));
    }

    [Fact]
    public async Task The_report_lies_beside_the_journal_unless_it_is_asked_for_elsewhere()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        var ended = await desk.BelayAsync("report");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("first", desk.Read(".belay/runs/one/report.html"), StringComparison.Ordinal);
        Assert.Equal(0, (await desk.BelayAsync("report", "--markdown", "report.md")).ExitCode);
        Assert.Contains("first", desk.Read("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_done_run_reads_like_this()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        var ended = await desk.BelayAsync("status");
        Assert.Equal(
            """
            shop 1.0.0 -> 1.1.0 on default: done since TIME (AGO)
            run one, started TIME by anna on HOST; 2 of 2 steps done

            the system      2 changes stand: first, second

            what you can do
              write the report:
                  belay report one
              prove the journal:
                  belay verify one

            """,
            desk.Stable(ended.Output)
        );
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_asks_belay_itself(string shell)
    {
        var ended = await desk.BelayAsync("completion", shell);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("[suggest:", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbs_and_runs_are_completed()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.Contains("status", (await desk.BelayAsync("[suggest:8]", "belay st")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "one",
            (await desk.BelayAsync("[suggest:13]", "belay status ")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Errors_are_json_where_answers_are()
    {
        var ended = await desk.BelayAsync("status", "--output", "json");
        Assert.Equal(64, ended.ExitCode);
        using var error = JsonDocument.Parse(ended.Output);
        Assert.Equal("error", error.RootElement.GetProperty("kind").GetString());
        Assert.Equal(64, error.RootElement.GetProperty("exit-code").GetInt32());
    }
}
