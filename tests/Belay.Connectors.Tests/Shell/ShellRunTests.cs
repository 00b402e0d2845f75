using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Shell;

public sealed class ShellRunTests : IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ChangeDefinition Definition => ShellFixture.ShellRun;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_script_runs_with_its_arguments()
    {
        var script = folder.Write("release/migrate.sh", "#!/bin/sh\necho \"$1-$2\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var after = await ApplyAsync("""{ "script": "release/migrate.sh", "arguments": ["a b", "$c"] }""");

        Assert.Equal("a b-$c\n", after.GetProperty("output").GetString());
        Assert.Equal(0, after.GetProperty("exit-code").GetInt32());
    }

    [Fact]
    public async Task A_failing_command_is_refused_with_its_last_words_and_without_its_secrets()
    {
        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            ApplyAsync(
                """
                {
                  "command": ["sh", "-c", "echo no access with $KEY >&2; exit 3"],
                  "environment": { "KEY": { "$secret": "hunter2" } }
                }
                """
            )
        );

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Equal("sh ended with 3: no access with (secret)", failure.Message);
    }

    [Fact]
    public async Task A_check_that_cannot_be_run_is_no_answer()
    {
        const string inputs = """{ "command": ["true"], "check": { "command": ["sh", "-c", "no-such-program"] } }""";

        var failure = await Assert.ThrowsAsync<OperationException>(() => ApplyAsync(inputs));

        Assert.Contains("neither yes nor no", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_the_check_finds_done_is_not_done_again()
    {
        await using var change = Create("""{ "command": ["false"], "check": { "command": ["true"] } }""");

        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task Past_its_limit_the_outcome_is_unknown()
    {
        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            ApplyAsync("""{ "command": ["sleep", "300"], "limit": "200ms" }""")
        );

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
    }

    [Theory]
    [InlineData("{ }", "command")]
    [InlineData("""{ "command": ["a"], "script": "b" }""", "command")]
    [InlineData("""{ "command": ["a"], "arguments": ["b"] }""", "arguments")]
    [InlineData("""{ "command": ["a"], "check": { "command": [] } }""", "check.command")]
    [InlineData("""{ "command": ["a"], "undo": { "command": [] } }""", "undo.command")]
    [InlineData("""{ "command": ["a"], "limit": "0s" }""", "limit")]
    [InlineData("""{ "command": ["a"], "environment": { "A B": "c" } }""", "environment")]
    public void Wrong_inputs_are_told(string inputs, string member) =>
        Assert.Equal(member, Assert.Single(Definition.Validate(JsonElement.Parse(inputs))).Member);

    [Theory]
    [InlineData("""{ "command": ["a"] }""", Repeat.Never, Reversal.Never)]
    [InlineData("""{ "command": ["a"], "repeatable": true }""", Repeat.Safe, Reversal.Never)]
    [InlineData("""{ "command": ["a"], "check": { "command": ["b"] } }""", Repeat.Safe, Reversal.Never)]
    [InlineData("""{ "command": ["a"], "undo": { "command": ["b"] } }""", Repeat.Never, Reversal.Exact)]
    public async Task Repeating_and_going_back_follow_from_the_inputs(string inputs, Repeat repeat, Reversal reversal)
    {
        await using var change = Create(inputs);

        Assert.Equal((repeat, reversal), (change.Repeat, Definition.ReversalOf(JsonElement.Parse(inputs))));
    }

    private BoundChange Create(string inputs) =>
        Definition.Create(
            JsonElement.Parse(inputs),
            new TestScope(folder.Path, folder.Folder("run"), TestProgram.Instance.Processes)
        );

    private async Task<JsonElement> ApplyAsync(string inputs)
    {
        await using var change = Create(inputs);
        await foreach (var _ in change.ApplyAsync(await change.ObserveAsync(Ct), Ct)) { }
        return await change.ObserveAsync(Ct);
    }
}
