using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

public sealed class FileRulesTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly TestFolder run = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folder.Dispose();
        run.Dispose();
    }

    [Fact]
    public async Task A_replaced_file_keeps_its_mode_and_leaves_nothing_beside_it()
    {
        var path = folder.Write("a.conf", "old");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        await ApplyAsync("files.write", """{ "path": "a.conf", "content": "new" }""");

        Assert.Equal("new", await File.ReadAllTextAsync(path, Ct));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(path)
        );
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_symbolic_link_is_refused_and_stays()
    {
        var real = folder.Write("real.conf", "old");
        File.CreateSymbolicLink(folder["link.conf"], real);

        var failure = await RefusedAsync("files.write", """{ "path": "link.conf", "content": "new" }""");

        Assert.Contains(real, failure.Message, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(real, Ct));
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_told() =>
        Assert.Contains(
            "nowhere",
            (await RefusedAsync("files.write", """{ "path": "nowhere/a.conf", "content": "new" }""")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Undo_refuses_to_throw_away_what_somebody_else_wrote_since()
    {
        var path = folder.Write("a.conf", "old");
        await using var change = Create("files.write", """{ "path": "a.conf", "content": "new" }""");
        var before = await change.ObserveAsync(Ct);
        await DrainAsync(change.ApplyAsync(before, Ct));
        await File.WriteAllTextAsync(path, "by hand", Ct);

        await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.UndoAsync(before, null, Ct)));

        Assert.Equal("by hand", await File.ReadAllTextAsync(path, Ct));
    }

    [Fact]
    public async Task A_block_is_appended_once_and_replaced_when_its_lines_change()
    {
        var path = folder.Write("app.env", "A=1\r\nB=2");
        const string inputs = """{ "path": "app.env", "name": "4.2.0", "text": "C=3\nD=4" }""";

        await ApplyAsync("files.append-block", inputs);
        await ApplyAsync("files.append-block", inputs);
        Assert.Equal(
            "A=1\r\nB=2\r\n# begin 4.2.0\r\nC=3\r\nD=4\r\n# end 4.2.0\r\n",
            await File.ReadAllTextAsync(path, Ct)
        );

        await File.AppendAllTextAsync(path, "E=5\r\n", Ct);
        await ApplyAsync("files.append-block", inputs.Replace("D=4", "D=5", StringComparison.Ordinal));
        Assert.EndsWith(
            "D=5\r\n# end 4.2.0\r\nE=5\r\n",
            await File.ReadAllTextAsync(path, Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_block_whose_keys_exist_already_is_left_out_and_half_of_them_is_refused()
    {
        var path = folder.Write("app.env", "C=mine\nD=mine\n");
        await ApplyAsync("files.append-block", """{ "path": "app.env", "name": "x", "text": "C=3\nD=4" }""");
        Assert.Equal("C=mine\nD=mine\n", await File.ReadAllTextAsync(path, Ct));

        var failure = await RefusedAsync(
            "files.append-block",
            """{ "path": "app.env", "name": "x", "text": "C=3\nE=4" }"""
        );
        Assert.Contains("has C already, and not E", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b", "both exist")]
    [InlineData(null, null, "neither")]
    public async Task A_rename_that_is_not_clear_is_refused(string? from, string? to, string reason)
    {
        if (from is not null)
            folder.Write("from", from);
        if (to is not null)
            folder.Write("to", to);

        var failure = await RefusedAsync("files.rename", """{ "from": "from", "to": "to" }""");

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_another_run_is_neither_taken_for_this_one_nor_overwritten()
    {
        folder.Write("a.conf", "a");
        const string inputs = """{ "paths": ["a.conf"], "to": "a.tar" }""";
        await ApplyAsync("files.backup", inputs);

        await using var other = Create("files.backup", inputs);

        Assert.False(other.Plan(await other.ObserveAsync(Ct)).IsEmpty);
        var failure = await RefusedAsync("files.backup", inputs);
        Assert.Contains("another run", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_nothing_is_refused() =>
        await RefusedAsync("files.backup", """{ "paths": ["nothing-here"], "to": "a.tar" }""");

    [Fact]
    public async Task A_backup_can_be_read_by_its_owner_alone()
    {
        folder.Write("a.conf", "a");

        await ApplyAsync("files.backup", """{ "paths": ["a.conf"], "to": "a.tar" }""");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.tar"]));
    }

    [Fact]
    public async Task Every_variable_of_the_example_is_required_where_its_values_are_samples()
    {
        folder.Write("example", "A=sample\nB=\n#C=\n");
        folder.Write("app.env", "A=\nD=1\n");
        await using var check = ((CheckDefinition)TestProgram.Instance.Catalog.Find("files.env-keys")!).Create(
            JsonElement.Parse(
                """{ "example": "example", "environment": "app.env", "samples": true, "required": ["E"] }"""
            ),
            Scope()
        );

        var verdict = Assert.IsType<Verdict.Broken>(check.Judge(await check.ObserveAsync(Ct)));

        Assert.Equal("app.env misses B, E, and has no real value for A", verdict.Why);
    }

    private TestScope Scope() => new(folder.Path, run.Path, TestProgram.Instance.Processes);

    private BoundChange Create(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), Scope());

    private async Task ApplyAsync(string operation, string inputs)
    {
        await using var change = Create(operation, inputs);
        await DrainAsync(change.ApplyAsync(await change.ObserveAsync(Ct), Ct));
    }

    private async Task<OperationException> RefusedAsync(string operation, string inputs)
    {
        var failure = await Assert.ThrowsAsync<OperationException>(() => ApplyAsync(operation, inputs));
        Assert.Equal(FailureKind.Refused, failure.Kind);
        return failure;
    }

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}
