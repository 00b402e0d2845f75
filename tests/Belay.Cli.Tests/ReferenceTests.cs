using System.Text.Json;

namespace Belay.Cli.Tests;

/// <summary>The pages under docs/ that the program writes.</summary>
public sealed class ReferenceTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task The_pages_of_the_operations_are_those_that_the_program_writes()
    {
        Assert.Equal(0, (await desk.BelayAsync("operations", "--markdown", "pages")).ExitCode);
        var written = Pages(desk.PathOf("pages"));
        var kept = Pages(Path.Combine(Repository(), "docs", "operations"));
        Assert.True(
            written.SequenceEqual(kept),
            "docs/operations is stale: belay operations --markdown docs/operations"
        );
    }

    [Fact]
    public async Task The_schema_is_the_one_that_the_program_writes()
    {
        var ended = await desk.BelayAsync("schema");
        Assert.True(
            ended.Output
                == await File.ReadAllTextAsync(
                    Path.Combine(Repository(), "docs", "schema", "plan.json"),
                    TestContext.Current.CancellationToken
                ),
            "docs/schema is stale: belay schema > docs/schema/plan.json"
        );
    }

    [Fact]
    public async Task The_list_of_operations_says_what_each_is()
    {
        var ended = await desk.BelayAsync("operations", "--output", "json");
        using var list = JsonDocument.Parse(ended.Output);
        var write = list.RootElement.EnumerateArray().Single(o => o.GetProperty("name").GetString() == "files.write");
        Assert.Equal("change", write.GetProperty("kind").GetString());
        Assert.Equal("exact", write.GetProperty("reversal").GetString());
        Assert.True(write.GetProperty("inputs").GetProperty("properties").TryGetProperty("path", out _));
        Assert.NotEqual(0, write.GetProperty("touches").GetArrayLength());
    }

    [Fact]
    public async Task One_operation_is_explained_with_the_words_of_its_docstrings()
    {
        var ended = await desk.BelayAsync("operations", "files.write");
        Assert.Contains("Its folder must exist.", ended.Output, StringComparison.Ordinal);
        var wrong = await desk.BelayAsync("operations", "files.wirte");
        Assert.Equal(64, wrong.ExitCode);
        Assert.Contains("did you mean 'files.write'?", wrong.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Text)> Pages(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.md")
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Belay.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
