namespace Belay.Cli.Tests;

/// <summary><c>belay release diff</c> and <c>belay release brief</c> as an operator calls them.</summary>
public sealed class ReleaseDiffTests : IDisposable
{
    private readonly Desk desk = new();

    public ReleaseDiffTests()
    {
        desk.Write("r1/values.yaml", "tag: 1.0\nmemory: 1Gi\n");
        desk.Write("r1/db/1_a.sql", "CREATE TABLE a (b int);");
        desk.Write("r2/chart/values.yaml", "tag: 2.0\nmemory: 2Gi\ncache: < REPLACE_VALUE_CACHE >\n");
        desk.Write("r2/migrations/1_a.sql", "CREATE TABLE a (b int);");
        desk.Write("r2/migrations/2_b.sql", "DROP TABLE a;");
        desk.Write("r2/CHANGELOG.md", "## 2.0.0\n### Removed\n- Table <a>\n");
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_diff_says_what_the_release_means_and_exits_with_2()
    {
        var told = await desk.BelayAsync("release", "diff", "r1", "r2");

        Assert.True(told.ExitCode == 2, told.ToString());
        Assert.All(
            [
                "! new       cache: < REPLACE_VALUE_CACHE >; to be filled in   (chart/values.yaml:3)",
                "  changed   memory: 1Gi -> 2Gi",
                "! new       2_b.sql; contracts: the old release may fail on it; no file takes it back (line 1: DROP TABLE a)",
                "? new       2.0.0 Removed: Table <a>",
            ],
            line => Assert.Contains(line, told.Output, StringComparison.Ordinal)
        );
        Assert.Equal(0, (await desk.BelayAsync("release", "diff", "r1", "r1")).ExitCode);
    }

    [Fact]
    public async Task A_diff_is_written_as_html_and_markdown()
    {
        var told = await desk.BelayAsync("release", "diff", "r1", "r2", "--html", "d.html", "--markdown", "d.md");

        Assert.True(told.ExitCode == 2, told.ToString());
        Assert.Contains("Table &lt;a&gt;", desk.Read("d.html"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", desk.Read("d.html"), StringComparison.Ordinal);
        Assert.Contains("| 2\\_b.sql | new |", desk.Read("d.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_brief_is_one_page_with_the_questions_of_merge_plan_and_release()
    {
        desk.Write("values.yaml", "tag: 1.0\nmemory: 8Gi\n");
        desk.Write("upgrade.yaml", Plans.Confirming);

        var brief = await desk.BelayAsync(
            "release",
            "brief",
            "r1",
            "r2",
            "--mine",
            "values.yaml",
            "--plan",
            "upgrade.yaml"
        );

        Assert.True(brief.ExitCode == 0, brief.ToString());
        Assert.All(
            [
                "## What changes",
                "## What must be done by hand",
                "values.yaml: settle memory (belay release merge)",
                "values.yaml: fill in cache",
                "## What cannot be taken back",
                "2\\_b.sql: contracts",
                "## What to check",
                "Nothing was measured in earlier runs.",
                "values.yaml: which value has memory, which you and the release changed?",
            ],
            line => Assert.Contains(line, brief.Output, StringComparison.Ordinal)
        );
        Assert.Equal("tag: 1.0\nmemory: 8Gi\n", desk.Read("values.yaml"));
    }

    [Fact]
    public async Task Without_a_plan_the_brief_asks_for_one()
    {
        var brief = await desk.BelayAsync("release", "brief", "r1", "r2");

        Assert.Equal(0, brief.ExitCode);
        Assert.Contains("There is no plan yet: in which order", brief.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_release_is_bad_usage()
    {
        Directory.CreateDirectory(desk.PathOf("empty"));

        var refused = await desk.BelayAsync("release", "diff", "r1", "empty");

        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("empty:1:1: is no release", refused.Error, StringComparison.Ordinal);
    }
}
