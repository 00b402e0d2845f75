namespace Belay.Cli.Tests;

/// <summary><c>belay export</c>: what a person reads before the night.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Plan = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        watch:
          machine: { check: files.contains, with: { path: alive.txt, text: yes }, every: 5s, tolerate: 2 }
        steps:
          - phase: prepare
            steps:
              - id: settings
                name: New settings
                do: files.write
                with: { path: settings.txt, content: "${to}", show: true }
              - id: call
                confirm: { instructions: Call the help desk, by: operator }
          - each: { server: [web1, web2, web3], canary: 1, batch: 2 }
            steps:
              - id: mark
                do: files.write
                with: { path: "${server}.txt", content: "${to}" }
          - soak: 5m
          - id: go
            approve: { by: owner, not: starter }
          - id: send
            name: Tell the world
            do: shell.run
            with: { command: [touch, sent.txt], check: { command: [test, -f, sent.txt] } }
            impact: { route: shop, at-most: 60s, reason: "the page is slow" }
        """;

    private readonly Desk desk = new();

    public ExportTests()
    {
        desk.Write("upgrade.yaml", Plan);
        desk.Write("alive.txt", "yes");
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_person_reads_what_will_happen_who_must_act_and_what_can_be_taken_back()
    {
        var page = await desk.BelayAsync("export", "upgrade.yaml");

        Assert.True(page.ExitCode == 0, page.ToString());
        Assert.All(
            [
                "# shop from 1.0.0 to 1.1.0",
                "Until 'Tell the world' it can be taken back; from there on not without loss.",
                "| 1.1 | &emsp;New settings | Gives a file this content (files.write). | exactly |",
                "By hand, by operator: Call the help desk",
                "For each of 3 'server', the first 1 one at a time, then 2 at a time.",
                "Waits 5m while all watches hold.",
                "Stops until owner approves, and not the person who started the run.",
                "the boundary lies before this change",
                "| Tell the world | shop | 1m00s | the page is slow |",
                "| machine |",
            ],
            sentence => Assert.Contains(sentence, page.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_page_says_how_long_a_step_took_in_earlier_runs()
    {
        Assert.Equal(5, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "r1", "--no-wait")).ExitCode);

        var page = await desk.BelayAsync("export", "upgrade.yaml");

        Assert.Matches(
            @"\| 1\.1 \| .*New settings \| .* \| exactly \| \d+ms, at most \d+ms \(1 time measured\) \|",
            page.Output
        );
    }

    [Fact]
    public async Task The_files_need_nothing_besides_themselves()
    {
        var page = await desk.BelayAsync("export", "upgrade.yaml", "--html", "plan.html", "--markdown", "plan.md");

        Assert.True(page.ExitCode == 0, page.ToString());
        var html = desk.Read("plan.html");
        Assert.Contains("Upgrade plan", html, StringComparison.Ordinal);
        Assert.Contains("Call the help desk", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.StartsWith("# shop", desk.Read("plan.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_lint_refuses_says_so_on_its_page()
    {
        desk.Write(
            "upgrade.yaml",
            Plan.Replace("      approve: { by: owner, not: starter }\n", "", StringComparison.Ordinal)
                .Replace("  - id: go\n", "", StringComparison.Ordinal)
                .Replace("    approve: { by: owner, not: starter }\n", "", StringComparison.Ordinal)
        );

        var page = await desk.BelayAsync("export", "upgrade.yaml");

        Assert.Equal(0, page.ExitCode);
        Assert.Contains("**lint refuses this plan**", page.Output, StringComparison.Ordinal);
    }
}
