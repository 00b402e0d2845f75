using System.Text.Json;

namespace Belay.Cli.Tests;

/// <summary><c>belay lint</c>, and what environments demand and people accept, in the running program.</summary>
public sealed class LintTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    /// <summary>A plan with a change that nothing guards.</summary>
    private const string Unguarded = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: first
            do: files.write
            with: { path: first.txt, content: "${to}", show: true }
          - id: send
            do: shell.run
            with: { command: [touch, sent.txt], check: { command: [test, -f, sent.txt] } }
        """;

    [Fact]
    public async Task A_finding_has_its_place_and_its_code()
    {
        desk.Write("upgrade.yaml", Unguarded);

        var ended = await desk.BelayAsync("lint", "upgrade.yaml");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("upgrade.yaml:9:5: 'send' cannot be taken back", ended.Output, StringComparison.Ordinal);
        Assert.Contains("[never-unguarded]", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_explained()
    {
        var ended = await desk.BelayAsync("lint", "--explain", "never-unguarded");

        Assert.Equal(0, ended.ExitCode);
        Assert.StartsWith("# never-unguarded\n", ended.Output, StringComparison.Ordinal);
        var unknown = await desk.BelayAsync("lint", "--explain", "never-ungarded");
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("did you mean 'never-unguarded'?", unknown.Error, StringComparison.Ordinal);
    }

    /// <summary>The members that the schema of SARIF 2.1.0 requires of each object that is written.</summary>
    [Fact]
    public async Task Sarif_has_all_that_its_schema_requires()
    {
        desk.Write("upgrade.yaml", Unguarded);

        var ended = await desk.BelayAsync("lint", "upgrade.yaml", "--output", "sarif");

        Assert.Equal(3, ended.ExitCode);
        using var log = JsonDocument.Parse(ended.Output);
        Assert.Equal("2.1.0", log.RootElement.GetProperty("version").GetString());
        var run = Assert.Single(log.RootElement.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("belay", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().ToArray();
        Assert.All(
            rules,
            rule => Assert.NotEmpty(rule.GetProperty("shortDescription").GetProperty("text").GetString()!)
        );
        var result = Assert.Single(run.GetProperty("results").EnumerateArray());
        Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.Equal(
            result.GetProperty("ruleId").GetString(),
            rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()
        );
        var place = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
        Assert.Equal("upgrade.yaml", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(9, place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Fact]
    public async Task Sarif_also_says_why_a_file_is_no_plan_and_is_for_lint_alone()
    {
        desk.Write("upgrade.yaml", "belay: 1\nupgrad: shop\n");

        var ended = await desk.BelayAsync("lint", "upgrade.yaml", "--output", "sarif");

        Assert.Equal(64, ended.ExitCode);
        using var log = JsonDocument.Parse(ended.Output);
        Assert.Contains(
            log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(),
            result => result.GetProperty("ruleId").GetString() == "unknown-key"
        );
        Assert.Equal(64, (await desk.BelayAsync("plan", "upgrade.yaml", "--output", "sarif")).ExitCode);
    }

    [Fact]
    public async Task What_a_person_accepts_runs_and_is_told_everywhere()
    {
        desk.Write("upgrade.yaml", Unguarded);
        Assert.Equal(3, (await desk.BelayAsync("run", "upgrade.yaml")).ExitCode);
        desk.Write(
            "environments/default.yaml",
            "accept:\n  - { code: never-unguarded, step: send, by: jana, reason: only a note, until: 2099-12-31 }\n"
        );

        var lint = await desk.BelayAsync("lint", "upgrade.yaml");
        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "r1");
        await desk.BelayAsync("report", "r1", "--markdown", "report.md");

        Assert.Equal((0, 0), (lint.ExitCode, ended.ExitCode));
        const string Told = "accepted by jana until 2099-12-31: only a note";
        Assert.Contains(Told, lint.Output, StringComparison.Ordinal);
        Assert.Contains(Told, ended.Output, StringComparison.Ordinal);
        Assert.Contains(Told, (await desk.BelayAsync("status", "r1")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "\"by\":\"jana\",\"reason\":\"only a note\"",
            desk.Read(".belay/runs/r1/journal.jsonl"),
            StringComparison.Ordinal
        );
        Assert.Contains("What lint refused, and a person accepted", desk.Read("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_accepted_only_for_a_while_is_no_ground_to_go_on_afterwards()
    {
        const string Accept =
            "accept:\n  - { code: never-unguarded, step: send, by: jana, reason: only a note, until: UNTIL }\n";
        const string Gate = """
              - id: gate
                do: shell.run
                with:
                  command: [sh, -c, "test -e open && touch passed"]
                  check: { command: [test, -e, passed] }
                  undo: { command: [rm, -f, passed] }
              - id: send
            """;
        desk.Write("upgrade.yaml", Unguarded.Replace("  - id: send", Gate, StringComparison.Ordinal));
        desk.Write("environments/default.yaml", Accept.Replace("UNTIL", "2099-12-31", StringComparison.Ordinal));
        Assert.Equal(4, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "r1")).ExitCode);
        desk.Write("open", "");
        desk.Write("environments/default.yaml", Accept.Replace("UNTIL", "2020-01-31", StringComparison.Ordinal));

        var late = await desk.BelayAsync("resume", "r1");
        desk.Write("environments/default.yaml", Accept.Replace("UNTIL", "2099-12-31", StringComparison.Ordinal));
        var renewed = await desk.BelayAsync("resume", "r1");

        Assert.True(late.ExitCode == 3, late.ToString());
        Assert.Contains("[never-unguarded]", late.Error, StringComparison.Ordinal);
        Assert.True(renewed.ExitCode == 0, renewed.ToString());
    }

    [Fact]
    public async Task Outside_of_the_windows_nothing_starts_or_goes_on_but_a_rollback()
    {
        desk.Write("upgrade.yaml", Plans.Failing);
        Assert.Equal(4, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "r1")).ExitCode);
        // A window that opens in three days.
        var day = TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3].ToLowerInvariant();
        desk.Write(
            "environments/default.yaml",
            $"policies:\n  windows:\n    - {{ days: [{day}], from: \"09:00\", to: \"10:00\", zone: Etc/UTC }}\n"
        );

        var resumed = await desk.BelayAsync("resume", "r1");
        var linted = await desk.BelayAsync("lint", "upgrade.yaml");

        Assert.Equal(3, resumed.ExitCode);
        Assert.Contains("the next window opens", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(0, linted.ExitCode);
        Assert.Contains("warning", linted.Output, StringComparison.Ordinal);
        Assert.Equal(6, (await desk.BelayAsync("rollback", "r1")).ExitCode);
        Assert.Equal(3, (await desk.BelayAsync("run", "upgrade.yaml")).ExitCode);
    }
}
