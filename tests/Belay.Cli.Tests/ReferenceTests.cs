using System.Text.Json;
using System.Text.Json.Nodes;

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
    public async Task Every_pointer_of_the_schema_leads_to_a_definition()
    {
        var schema = JsonNode.Parse((await desk.BelayAsync("schema")).Output)!;
        var pointers = Pointers(schema).Distinct().ToArray();

        Assert.NotEmpty(pointers);
        Assert.All(
            pointers,
            pointer =>
            {
                Assert.StartsWith("#/$defs/", pointer, StringComparison.Ordinal);
                Assert.NotNull(schema["$defs"]![pointer["#/$defs/".Length..]]);
            }
        );
    }

    [Fact]
    public async Task A_type_that_an_operation_uses_twice_is_checked_at_both_places()
    {
        desk.Write(
            "upgrade.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: touch
                do: shell.run
                with: { command: ["true"], check: { command: ["true"] }, undo: { command: { not: a list } } }
            """
        );
        var ended = await desk.BelayAsync("lint", "upgrade.yaml");

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("upgrade.yaml:8:", ended.Error, StringComparison.Ordinal);
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

    private static IEnumerable<string> Pointers(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member =>
                member is { Key: "$ref", Value: JsonValue pointer } ? [pointer.ToString()] : Pointers(member.Value)
            ),
            JsonArray list => list.SelectMany(Pointers),
            _ => [],
        };

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
