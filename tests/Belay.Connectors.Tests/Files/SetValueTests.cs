using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

/// <summary>Golden pairs: a file, a key and a value, and every byte of the file afterwards.</summary>
public sealed class SetValueTests : IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ChangeDefinition Definition => (ChangeDefinition)TestProgram.Instance.Catalog.Find("files.set")!;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("A=1\nB=2 # two\nC=3", "B", "\"9\"", "A=1\nB=9 # two\nC=3")]
    [InlineData("A='1'\r\nB=\"2\"\r\n", "B", "\"x y\"", "A='1'\r\nB=\"x y\"\r\n")]
    [InlineData("export A='1' # c\n", "A", "\"2\"", "export A='2' # c\n")]
    [InlineData("A='1'\n", "A", "\"it's\"", "A=\"it's\"\n")]
    [InlineData("A=1\n", "A", "\"x # y\"", "A='x # y'\n")]
    [InlineData("A=1\r\nB=2", "C", "3", "A=1\r\nB=2\r\nC=3")]
    [InlineData("# A=1\n", "A", "\"2\"", "# A=1\nA=2\n")]
    [InlineData("A=1\n", "A", "\"1\"", "A=1\n")]
    [InlineData("A=\n", "A", "\"1\"", "A=1\n")]
    public async Task In_a_env_file_only_the_value_changes(string before, string key, string value, string after) =>
        Assert.Equal(after, await SetAsync("app.env", before, key, value));

    [Theory]
    [InlineData(
        "{\n  \"a\": 1, // one\n  \"b\": { \"c\": \"x\" }\n}\n",
        "b.c",
        "\"y\\\"z\"",
        "{\n  \"a\": 1, // one\n  \"b\": { \"c\": \"y\\\"z\" }\n}\n"
    )]
    [InlineData("{\"a\":[1,{\"b\":true}]}", "a.1.b", "false", "{\"a\":[1,{\"b\":false}]}")]
    [InlineData("{\n  \"a\": 1\n}", "b", "2", "{\n  \"a\": 1,\n  \"b\": 2\n}")]
    [InlineData(
        "{\r\n\t\"a\": {\r\n\t\t\"x\": 1,\r\n\t}\r\n}",
        "a.y",
        "null",
        "{\r\n\t\"a\": {\r\n\t\t\"x\": 1,\r\n\t\t\"y\": null,\r\n\t}\r\n}"
    )]
    [InlineData("{}", "a.b", "1", "{ \"a\": { \"b\": 1 } }")]
    [InlineData("{ \"a.b\": 1 }", "a\\\\.b", "2", "{ \"a.b\": 2 }")]
    public async Task In_JSON_only_the_value_changes(string before, string key, string value, string after) =>
        Assert.Equal(after, await SetAsync("app.json", before, key, value));

    [Theory]
    [InlineData("image:\n  tag: 4.1.0   # keep\n", "image.tag", "\"4.2.0\"", "image:\n  tag: 4.2.0   # keep\n")]
    [InlineData("a: 'x'\r\nb: \"y\"\r\n", "b", "\"z: 1\"", "a: 'x'\r\nb: \"z: 1\"\r\n")]
    [InlineData("a: 'x'\n", "a", "\"it's\"", "a: 'it''s'\n")]
    [InlineData("a: x\n", "a", "\"yes\"", "a: \"yes\"\n")]
    [InlineData("a: 4.1\n", "a", "\"4.2\"", "a: 4.2\n")]
    [InlineData("a: 3\n", "a", "5", "a: 5\n")]
    [InlineData("a:\nb: 1\n", "a", "\"x\"", "a: x\nb: 1\n")]
    [InlineData("l:\n  - h: one\n  - h: two\n", "l.1.h", "\"drei\"", "l:\n  - h: one\n  - h: drei\n")]
    [InlineData("m: {a: 1, b: 2}\n", "m.b", "3", "m: {a: 1, b: 3}\n")]
    [InlineData("m: {a: 1}\n", "m.b", "\"x,y\"", "m: {a: 1, b: \"x,y\"}\n")]
    [InlineData("m:\n    a: 1 # one\n\n# end\nn: 2", "m.b", "\"x\"", "m:\n    a: 1 # one\n    b: x\n\n# end\nn: 2")]
    [InlineData("a: 1", "b.c", "\"x\"", "a: 1\nb:\n  c: x")]
    [InlineData("t: |\n  one\n  two\n", "u", "1", "t: |\n  one\n  two\nu: 1\n")]
    public async Task In_YAML_only_the_value_changes(string before, string key, string value, string after) =>
        Assert.Equal(after, await SetAsync("values.yaml", before, key, value));

    [Theory]
    [InlineData("tag = \"4.1.0\" # keep\n", "tag", "\"4.2.0\"", "tag = \"4.2.0\" # keep\n")]
    [InlineData(
        "variable \"tag\" {\n  type    = string\n  default = \"a\"\n}\n",
        "variable.tag.default",
        "\"b\"",
        "variable \"tag\" {\n  type    = string\n  default = \"b\"\n}\n"
    )]
    [InlineData(
        "tags = {\n  a = \"x\"\n  b = \"y\"\n}\nn = 3\n",
        "tags.b",
        "\"z\"",
        "tags = {\n  a = \"x\"\n  b = \"z\"\n}\nn = 3\n"
    )]
    [InlineData("a {\n  b = [1, 2]\n}\n", "a.c", "true", "a {\n  b = [1, 2]\n  c = true\n}\n")]
    [InlineData("a = 1", "b", "\"${x}\"", "a = 1\nb = \"$${x}\"")]
    [InlineData("x = <<EOT\na = 1\nEOT\na = 2\n", "a", "3", "x = <<EOT\na = 1\nEOT\na = 3\n")]
    public async Task In_HCL_only_the_value_changes(string before, string key, string value, string after) =>
        Assert.Equal(after, await SetAsync("main.tf", before, key, value));

    [Theory]
    [InlineData("app.env", "A=1\nA=2\n", "A", "lines 1 and 2")]
    [InlineData("a.json", "{ \"a\": [1] }", "a.3", "no element 3")]
    [InlineData("a.json", "{ \"a\": {} }", "a", "no single value")]
    [InlineData("a.json", "{ \"a\": 1", "a", "no JSON at line 1")]
    [InlineData("a.json", "{ \"a\": 1, \"a\": 2 }", "a", "twice")]
    [InlineData("a.yaml", "a: &x 1\n", "a", "anchor")]
    [InlineData("a.yaml", "a: &x\n  c: 1\nb: *x\n", "b.c", "alias")]
    [InlineData("a.yaml", "a: |\n  x\n", "a", "block of text")]
    [InlineData("a.yaml", "a: 1\n---\na: 2\n", "a", "several documents")]
    [InlineData("a.yaml", "a: [1\n", "a", "no YAML at line")]
    [InlineData("a.yaml", "a: 1\n", "a.b", "nothing can stand inside")]
    [InlineData("a.tf", "a = \"${var.b}\"\n", "a", "no literal")]
    [InlineData("a.tf", "a {\n}\na {\n}\n", "a.b", "2 blocks")]
    [InlineData("a.tf", "a {\n", "a.b", "not closed")]
    [InlineData("a.tf", "a = 1\n", "b.c", "no block or object b")]
    public async Task What_cannot_be_set_is_refused_with_the_reason(string file, string text, string key, string reason)
    {
        var failure = await Assert.ThrowsAsync<OperationException>(() => SetAsync(file, text, key, "\"v\""));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_stays()
    {
        var path = folder.Write("a.json", "");
        await File.WriteAllBytesAsync(path, [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8], Ct);

        await ApplyAsync("a.json", "a", "2");

        Assert.Equal([0xEF, 0xBB, 0xBF, .. "{\"a\":2}"u8], await File.ReadAllBytesAsync(path, Ct));
    }

    [Fact]
    public async Task A_file_that_is_no_UTF_8_is_refused()
    {
        await File.WriteAllBytesAsync(folder.Write("app.env", ""), Encoding.Latin1.GetBytes("A=ä\n"), Ct);

        await Assert.ThrowsAsync<OperationException>(() => ApplyAsync("app.env", "A", "\"b\""));
    }

    [Fact]
    public async Task Values_are_shown_only_when_the_plan_says_so()
    {
        folder.Write("app.env", "KEY=hunter2\n");

        Assert.DoesNotContain(
            "hunter",
            await LinesAsync("""{ "path": "app.env", "key": "KEY", "value": "hunter3" }""")
        );
        Assert.Contains(
            "KEY=hunter2 KEY=hunter3",
            await LinesAsync("""{ "path": "app.env", "key": "KEY", "value": "hunter3", "show": true }""")
        );
    }

    [Theory]
    [InlineData("""{ "path": "a.yaml", "key": "a..b", "value": 1 }""", "key")]
    [InlineData("""{ "path": "a.yaml", "key": "a", "value": [1] }""", "value")]
    [InlineData("""{ "path": "a.conf", "key": "a", "value": 1 }""", "format")]
    public void Wrong_inputs_are_told(string inputs, string member) =>
        Assert.Equal(member, Assert.Single(Definition.Validate(JsonElement.Parse(inputs))).Member);

    private async Task<string> SetAsync(string file, string before, string key, string value)
    {
        var path = folder.Write(file, before);
        await ApplyAsync(file, key, value);
        return await File.ReadAllTextAsync(path, Ct);
    }

    private async Task ApplyAsync(string file, string key, string value)
    {
        await using var change = Create($$"""{ "path": "{{file}}", "key": "{{key}}", "value": {{value}} }""");
        await foreach (var _ in change.ApplyAsync(await change.ObserveAsync(Ct), Ct)) { }
        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    private async Task<string> LinesAsync(string inputs)
    {
        await using var change = Create(inputs);
        var lines = change.Plan(await change.ObserveAsync(Ct)).Lines;
        return string.Join('\n', lines.Select(l => $"{l.From} {l.To}"));
    }

    private BoundChange Create(string inputs) =>
        Definition.Create(
            JsonElement.Parse(inputs),
            new TestScope(folder.Path, folder.Folder("run"), TestProgram.Instance.Processes)
        );
}
