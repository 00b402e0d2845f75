using System.Text.Json;
using Belay.Cli.Verbs;

namespace Belay.Cli.Tests;

/// <summary>What programs get from the verbs: exit codes and JSON.</summary>
public sealed class AnswerTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Each_exit_code_is_that_of_a_real_ending()
    {
        desk.Write("good.yaml", Plans.Good);
        desk.Write("refused.yaml", Plans.Refused);
        desk.Write("unready.yaml", Plans.Unready);
        desk.Write("confirming.yaml", Plans.Confirming);
        desk.Write("sending.yaml", Plans.Sending);
        desk.Write("bad.yaml", "belay: 1\n");

        await EndsWithAsync(64, "run", "bad.yaml");
        await EndsWithAsync(2, "plan", "good.yaml");
        await EndsWithAsync(3, "run", "unready.yaml");
        await EndsWithAsync(4, "run", "refused.yaml");
        await EndsWithAsync(6, "rollback");
        await EndsWithAsync(0, "run", "good.yaml");
        await EndsWithAsync(1, "rollback");
        await EndsWithAsync(5, "run", "confirming.yaml", "--no-wait");
        await EndsWithAsync(0, "abandon", "--reason", "seen");
        using (var run = desk.Start("run", "sending.yaml"))
        {
            await Desk.UntilAsync(() => desk.Has("sent.log"));
            await Desk.KillAsync(run);
        }
        await EndsWithAsync(7, "resume");
    }

    [Fact]
    public async Task Every_verb_has_its_help()
    {
        var verbs = CommandLine.Create(new SharedOptions()).Subcommands.Where(verb => !verb.Hidden);
        foreach (var verb in verbs.Select(verb => verb.Name).Append(""))
        {
            var help = await desk.BelayAsync([.. new[] { verb, "--help" }.Where(word => word.Length > 0)]);
            Assert.True(
                help.ExitCode == 0 && help.Output.Contains("Usage:", StringComparison.Ordinal),
                help.ToString()
            );
        }
    }

    [Fact]
    public async Task Every_verb_answers_in_json()
    {
        desk.Write("confirming.yaml", Plans.Confirming);
        var tried = new SortedSet<string>(StringComparer.Ordinal);

        await AnswersAsync("init");
        desk.Write("values.yaml", "a: 1\n");
        await AnswersAsync("release", "merge", "values.yaml", "values.yaml", "values.yaml");
        desk.Write("release/values.yaml", "a: 1\n");
        await AnswersAsync("release", "diff", "release", "release");
        await AnswersAsync("release", "brief", "release", "release");
        await AnswersAsync("release", "check", "release");
        desk.Write("compatibility.yaml", "belay: 1\ncomponents: { api: { versions: [1, 2] } }\nnow: { api: 1 }\n");
        desk.Write("page.md", "- Look at the sky\n");
        await AnswersAsync("import", "page.md");
        await AnswersAsync("path", "compatibility.yaml", "--want", "api=2");
        await AnswersAsync("lint", "confirming.yaml");
        await AnswersAsync(
            "accept",
            "confirming.yaml",
            "no-canary",
            "look",
            "--reason",
            "seen",
            "--until",
            "2100-01-01"
        );
        await AnswersAsync("plan", "confirming.yaml");
        await AnswersAsync("export", "confirming.yaml");
        await AnswersAsync("rehearse", "confirming.yaml");
        await AnswersAsync("run", "confirming.yaml", "--no-wait");
        await AnswersAsync("status");
        await AnswersAsync("follow");
        await AnswersAsync("runs");
        await AnswersAsync("rehearse", "confirming.yaml");
        await AnswersAsync("environment");
        var run = Path.GetFileName(Directory.GetDirectories(desk.PathOf(".belay/runs"))[0]);
        await AnswersAsync("compare", run, run);
        await AnswersAsync("approve", "look");
        await AnswersAsync("resolve", "look", "--happened", "--reason", "seen");
        await AnswersAsync("confirm", "look");
        await AnswersAsync("halt");
        await AnswersAsync("rollback", "--preview");
        await AnswersAsync("resume");
        await AnswersAsync("rollback");
        await AnswersAsync("abandon", "--reason", "seen");
        await AnswersAsync("verify");
        await AnswersAsync("report");
        await AnswersAsync("operations");
        await AnswersAsync("operations", "haproxy.drain");
        await AnswersAsync("schema");
        await AnswersAsync("completion", "bash");

        Assert.Equal(
            CommandLine
                .Create(new SharedOptions())
                .Subcommands.Where(verb => !verb.Hidden)
                .Select(verb => verb.Name)
                .Order(StringComparer.Ordinal),
            tried
        );

        async Task AnswersAsync(params string[] words)
        {
            tried.Add(words[0]);
            var ended = await desk.BelayAsync([.. words, "--output", "json"]);
            Assert.True(ended.Output.Length > 0 && ended.Error.Length == 0, $"{words[0]}: {ended}");
            foreach (var document in Documents(ended.Output))
            {
                using var answer = Parsed(words[0], document);
                Assert.True(answer.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array, document);
            }
        }
    }

    /// <summary>One document a line; what is made to be put into a file is one document of several lines.</summary>
    private static string[] Documents(string output) =>
        output.StartsWith("{\n", StringComparison.Ordinal) || output.StartsWith("[\n", StringComparison.Ordinal)
            ? [output]
            : output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static JsonDocument Parsed(string verb, string document)
    {
        try
        {
            return JsonDocument.Parse(document);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{verb} printed no JSON: {document}", e);
        }
    }

    private async Task EndsWithAsync(int exitCode, params string[] words)
    {
        var ended = await desk.BelayAsync(words);
        Assert.True(ended.ExitCode == exitCode, $"{string.Join(' ', words)}: {ended}");
    }
}
