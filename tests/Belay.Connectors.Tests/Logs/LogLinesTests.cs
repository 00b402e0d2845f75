using System.Text.Json;
using Belay.Connectors.Tests.Files;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Logs;

public sealed class LogLinesContract : FileCheckContract
{
    protected override (string, string, string, string, string) Given =>
        (
            "logs.lines",
            """{ "path": "shop.log", "must": ["ready$"], "must-not": ["ERROR", "^panic"] }""",
            "shop.log",
            "starting\nready\n",
            "starting\nready\nERROR: no database for hunter2\n"
        );
}

/// <summary>What a log says since a moment.</summary>
public sealed class LogLinesTests : IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_stood_there_before_the_mark_does_not_count()
    {
        folder.Write("shop.log", "ERROR: of yesterday\n");
        var mark = await MarkAsync();
        await File.AppendAllTextAsync(folder["shop.log"], "all is well\n", Ct);

        Assert.IsType<Verdict.Holds>(await JudgeAsync(mark));
        await File.AppendAllTextAsync(folder["shop.log"], "ERROR: of today\nERROR: again\n", Ct);
        var broken = Assert.IsType<Verdict.Broken>(await JudgeAsync(mark));
        Assert.Equal("shop.log: 2 lines fit /ERROR/, of 3 read", broken.Why);
    }

    [Fact]
    public async Task A_log_that_was_rotated_is_read_in_both_files()
    {
        folder.Write("shop.log", "before\n");
        var mark = await MarkAsync();
        await File.AppendAllTextAsync(folder["shop.log"], "ERROR: just before the rotation\n", Ct);
        File.Move(folder["shop.log"], folder["shop.log.1"]);
        folder.Write("shop.log", "after\n");

        var broken = Assert.IsType<Verdict.Broken>(await JudgeAsync(mark));

        Assert.Equal("shop.log: 1 lines fit /ERROR/, of 2 read", broken.Why);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("cut")]
    public async Task A_log_whose_lines_are_lost_is_no_answer(string how)
    {
        folder.Write("shop.log", "before\n");
        var mark = await MarkAsync();
        if (how == "gone")
        {
            File.Move(folder["shop.log"], folder["elsewhere"]);
            folder.Write("shop.log", "after\n");
        }
        else
        {
            await File.WriteAllTextAsync(folder["shop.log"], "", Ct);
        }

        var refused = await Assert.ThrowsAsync<OperationException>(() => JudgeAsync(mark));

        Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_is_none_is_told_before_the_run() =>
        Assert.Contains(
            Definition.Validate(JsonElement.Parse("""{ "path": "a", "must": ["(", "(a)\\1"] }""")),
            problem => problem.Message.Contains("is no regular expression", StringComparison.Ordinal)
        );

    private static CheckDefinition Definition => (CheckDefinition)TestProgram.Instance.Catalog.Find("logs.lines")!;

    private TestScope Scope => new(folder.Path, folder.Path, TestProgram.Instance.Processes);

    private async Task<JsonElement> MarkAsync()
    {
        var mark = (CheckDefinition)TestProgram.Instance.Catalog.Find("logs.mark")!;
        await using var check = mark.Create(JsonElement.Parse("""{ "path": "shop.log" }"""), Scope);
        var place = await check.ObserveAsync(Ct);
        Assert.IsType<Verdict.Holds>(check.Judge(place));
        return place;
    }

    private async Task<Verdict> JudgeAsync(JsonElement mark)
    {
        var inputs = JsonElement.Parse(
            $$"""{ "path": "shop.log", "must-not": ["ERROR"], "from": {{mark.GetRawText()}} }"""
        );
        await using var check = Definition.Create(inputs, Scope);
        return check.Judge(await check.ObserveAsync(Ct));
    }
}
