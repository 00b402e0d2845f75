using Belay.Cli.Work;
using Belay.Releases.Merging;
using Belay.Releases.Reading;

namespace Belay.Cli.Tests;

/// <summary><c>belay release merge</c> as an operator calls it.</summary>
public sealed class ReleaseMergeTests : IDisposable
{
    private const string Old = "host: < REPLACE_VALUE_HOST >\nmemory: 256Mi\n";
    private const string Mine = "host: shop.example.com   # ours\nmemory: 2Gi-secret\n";

    private readonly Desk desk = new();

    public ReleaseMergeTests()
    {
        desk.Write("old/values.yaml", Old);
        desk.Write("values.yaml", Mine);
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_merge_is_written_with_the_old_file_kept_beside_and_a_second_one_writes_nothing()
    {
        desk.Write("new/values.yaml", Old + "cache: valkey\n");
        File.SetUnixFileMode(desk.PathOf("values.yaml"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var first = await MergeAsync();

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("new        cache", first.Output, StringComparison.Ordinal);
        Assert.Equal(Mine + "cache: valkey\n", desk.Read("values.yaml"));
        var backup = Assert.Single(Directory.GetFiles(desk.PathOf("."), "values.yaml.before-*"));
        Assert.Equal(Mine, await File.ReadAllTextAsync(backup, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(desk.PathOf("values.yaml")));

        var second = await MergeAsync();

        Assert.Equal(0, second.ExitCode);
        Assert.Contains("as it should be", second.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(desk.PathOf("."), "values.yaml.before-*"));
    }

    [Fact]
    public async Task An_open_conflict_refuses_and_shows_no_value_of_the_operator_unless_asked()
    {
        desk.Write("new/values.yaml", Old.Replace("256Mi", "512Mi", StringComparison.Ordinal));

        var refused = await MergeAsync();

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains(
            "conflict   memory: you and the new release changed it",
            refused.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("secret", refused.Output, StringComparison.Ordinal);
        Assert.Equal(Mine, desk.Read("values.yaml"));
        Assert.DoesNotContain("secret", (await MergeAsync("--output", "json")).Output, StringComparison.Ordinal);
        Assert.Contains("2Gi-secret", (await MergeAsync("--show")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_settle_a_conflict_for_this_release_and_the_next()
    {
        desk.Write("decisions.yaml", "belay: 1\ndecisions:\n  - { key: memory, take: mine, reason: measured }\n");
        foreach (var release in new[] { "512Mi", "768Mi" })
        {
            desk.Write(
                "new/values.yaml",
                Old.Replace("256Mi", release, StringComparison.Ordinal) + $"new{release}: 1\n"
            );
            var merged = await MergeAsync("--decisions", "decisions.yaml");
            Assert.True(merged.ExitCode == 0, merged.ToString());
            Assert.Contains("decided    memory: mine", merged.Output, StringComparison.Ordinal);
            Assert.Contains($"2Gi-secret\nnew{release}: 1", desk.Read("values.yaml"), StringComparison.Ordinal);
            desk.Write("old/values.yaml", desk.Read("new/values.yaml"));
            desk.Write(
                "values.yaml",
                desk.Read("values.yaml").Replace($"new{release}: 1\n", "", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task A_placeholder_refuses_until_it_is_filled()
    {
        desk.Write("new/values.yaml", Old + "cache: < REPLACE_VALUE_CACHE >\nzone: CHANGE-me\n");

        var refused = await MergeAsync("--placeholder", "CHANGE-*");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("to fill in cache, line 3", refused.Output, StringComparison.Ordinal);
        Assert.Contains("to fill in zone, line 4", refused.Output, StringComparison.Ordinal);
        Assert.Equal(Mine, desk.Read("values.yaml"));

        Assert.Equal(3, (await MergeAsync("--draft", "--to", "draft.yaml")).ExitCode);
        Assert.EndsWith(
            "cache: < REPLACE_VALUE_CACHE >\nzone: CHANGE-me\n",
            desk.Read("draft.yaml"),
            StringComparison.Ordinal
        );

        desk.Write(
            "decisions.yaml",
            "belay: 1\ndecisions:\n  - { key: cache, value: valkey }\n  - { key: zone, value: north }\n"
        );
        var filled = await MergeAsync("--decisions", "decisions.yaml", "--placeholder", "CHANGE-*");
        Assert.True(filled.ExitCode == 0, filled.ToString());
        Assert.EndsWith("cache: valkey\nzone: north\n", desk.Read("values.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_writes_nothing()
    {
        desk.Write("new/values.yaml", Old + "cache: valkey\n");

        var dry = await MergeAsync("--dry-run");

        Assert.True(dry.ExitCode == 2, dry.ToString());
        Assert.Contains("would change", dry.Output, StringComparison.Ordinal);
        Assert.Equal(Mine, desk.Read("values.yaml"));
    }

    [Theory]
    [InlineData("a: [1\n", "values.yaml:2:1: is no YAML")]
    [InlineData("a: 1\na: 2\n", "values.yaml:2:1: is no YAML that is edited in place: the key 'a' stands twice")]
    [InlineData("--- 1\n--- 2\n", "holds several documents")]
    public async Task Bad_files_are_refused_with_their_place(string text, string said)
    {
        desk.Write("new/values.yaml", text);

        var refused = await MergeAsync();

        Assert.Equal(64, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.Contains("[release]", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_too_large_or_lead_in_a_circle_are_refused()
    {
        await using (var large = File.Create(desk.PathOf("large.yaml")))
            large.SetLength(100 * 1024 * 1024);
        File.CreateSymbolicLink(desk.PathOf("loop.yaml"), "loop.yaml");

        var tooLarge = await desk.BelayAsync("release", "merge", "old/values.yaml", "values.yaml", "large.yaml");
        var circle = await desk.BelayAsync("release", "merge", "old/values.yaml", "values.yaml", "loop.yaml");
        var folder = await desk.BelayAsync("release", "merge", "old/values.yaml", "values.yaml", "old");

        Assert.True(
            tooLarge.ExitCode == 64 && tooLarge.Error.Contains("is larger than 4 MB", StringComparison.Ordinal),
            tooLarge.ToString()
        );
        Assert.True(
            circle.ExitCode == 64 && circle.Error.Contains("lead in a circle", StringComparison.Ordinal),
            circle.ToString()
        );
        Assert.True(
            folder.ExitCode == 64 && folder.Error.Contains("is a folder", StringComparison.Ordinal),
            folder.ToString()
        );
    }

    [Fact]
    public async Task A_broken_file_of_decisions_is_refused_with_its_place()
    {
        desk.Write("new/values.yaml", Old);
        desk.Write("decisions.yaml", "belay: 1\ndecisions:\n  - { key: memory, take: theirs }\n");

        var refused = await MergeAsync("--decisions", "decisions.yaml");

        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("decisions.yaml:3:26: 'theirs' is no side", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dialogue_settles_what_is_open_and_the_decisions_are_kept_without_values()
    {
        var input = new MergeInput
        {
            Old = new SourceFile("old.yaml", "a: 1\nb: 1\nc: [x]\n"),
            Mine = new SourceFile("mine.yaml", "a: 2\nb: 2\nc: [x, m]\n"),
            New = new SourceFile("new.yaml", "a: 3\nb: 3\nc: [x, n]\nd: < REPLACE_VALUE_D >\n"),
        };
        using var questions = new StringWriter();
        using var answers = new StringReader("what\nm\nmeasured\nv\ns3cret\nb\n\nfilled\n");

        var decided = new MergeDialogue(answers, questions).Ask(TemplateMerge.Merge(input));
        var merged = TemplateMerge.Merge(input with { Decisions = decided });

        Assert.Equal("a: 2\nb: s3cret\nc: [x, m, n]\nd: filled\n", merged.Text);
        Assert.True(merged.IsWhole);
        Assert.Contains("  mine  2", questions.ToString(), StringComparison.Ordinal);
        var kept = DecisionFile.Add("", decided.Where(d => d.Key != "d"));
        Assert.DoesNotContain("s3cret", kept, StringComparison.Ordinal);
        desk.Write("decisions.yaml", kept);
        Assert.Equal(
            [("a", Take.Mine, "measured"), ("b", Take.Mine, null), ("c", Take.Both, null)],
            DecisionFile.Read(desk.PathOf("decisions.yaml")).Select(d => (d.Key, d.Take!.Value, d.Reason))
        );
    }

    private Task<Ended> MergeAsync(params string[] more) =>
        desk.BelayAsync(["release", "merge", "old/values.yaml", "values.yaml", "new/values.yaml", .. more]);
}
