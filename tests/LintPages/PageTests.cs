using System.Runtime.CompilerServices;
using Belay.Connectors;
using Belay.Domain.Lint;
using Belay.Domain.Operations;
using Belay.Planning;

namespace LintPages;

/// <summary>
/// Each code of lint has its page in the guide and its pair in <c>cases/</c>: <c>CODE.refused.yaml</c>, which lint finds, with
/// exactly the lines of <c>CODE.refused.txt</c>, and <c>CODE.passes.yaml</c>, of which it says nothing. They are read with the real
/// operations, for the environment <c>environments/CODE.refused.yaml</c> and so on where there is one.
/// With <c>BELAY_WRITE_CASES=1</c> in the environment the expected lines are written anew; read the difference before it is committed.
/// </summary>
public sealed class PageTests
{
    /// <summary>A Saturday.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Catalog Catalog = ConnectorList.Load();

    private static readonly string Cases = Path.Combine(SourceFolder(), "cases");

    private static readonly string Pages = Path.GetFullPath("../../docs/guide/lint", SourceFolder());

    public static TheoryData<string> Codes() => [.. LintCodes.All];

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_example_is_found_as_its_pair_says(string code)
    {
        var lines = string.Concat(Judge($"{code}.refused").Findings.Select(finding => $"{finding}\n"))
            .Replace($"{Cases}/", "", StringComparison.Ordinal);
        var expected = Path.Combine(Cases, $"{code}.refused.txt");
        if (Environment.GetEnvironmentVariable("BELAY_WRITE_CASES") == "1")
            File.WriteAllText(expected, lines);
        Assert.Equal(File.ReadAllText(expected), lines);
        Assert.Contains($"[{code}]", lines, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_corrected_one_passes(string code) => Assert.Empty(Judge($"{code}.passes").Findings);

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_page_shows_the_pair(string code)
    {
        var page = File.ReadAllText(Path.Combine(Pages, $"{code}.md"));
        Assert.StartsWith($"# {code}\n\n", page, StringComparison.Ordinal);
        Assert.Contains($"```yaml\n{Plan(code, "refused")}```", page, StringComparison.Ordinal);
        Assert.Contains($"```yaml\n{Plan(code, "passes")}```", page, StringComparison.Ordinal);
        foreach (var environment in Directory.EnumerateFiles(Path.Combine(Cases, "environments"), $"{code}.*.yaml"))
        {
            var own = File.ReadAllText(environment)
                .Replace(
                    File.ReadAllText(Path.Combine(Cases, "environments", "default.yaml")),
                    "",
                    StringComparison.Ordinal
                );
            Assert.Contains($"```yaml\n{own}```", page, StringComparison.Ordinal);
        }
        Assert.Contains("## To accept it", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_index_leads_to_every_page_and_says_what_it_says()
    {
        var index = File.ReadAllText(Path.Combine(Pages, "README.md"));
        foreach (var code in LintCodes.All)
        {
            var gist = File.ReadAllText(Path.Combine(Pages, $"{code}.md")).Split("\n\n")[1];
            Assert.Contains($"| [{code}]({code}.md) | {gist} |", index, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void There_is_no_page_and_no_pair_of_a_code_that_does_not_exist()
    {
        Assert.Equal(LintCodes.All.ToArray(), Names(Pages, "*.md").Where(name => name != "README"));
        Assert.Equal(
            LintCodes.All.ToArray(),
            Names(Cases, "*.refused.yaml").Select(name => name[..^".refused".Length])
        );
        Assert.Equal(LintCodes.All.ToArray(), Names(Cases, "*.passes.yaml").Select(name => name[..^".passes".Length]));
    }

    private static IEnumerable<string> Names(string folder, string pattern) =>
        Directory
            .EnumerateFiles(folder, pattern)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    private static string Plan(string code, string kind) =>
        File.ReadAllText(Path.Combine(Cases, $"{code}.{kind}.yaml"));

    private static Judgement Judge(string name)
    {
        var environment = File.Exists(Path.Combine(Cases, "environments", $"{name}.yaml")) ? name : "default";
        var result = PlanLoader.Load(
            Path.Combine(Cases, $"{name}.yaml"),
            environment,
            new Dictionary<string, string>(),
            Catalog,
            _ => null
        );
        if (result is LoadResult.Refused refused)
            Assert.Fail(string.Join('\n', refused.Diagnostics));
        var loaded = (LoadResult.Loaded)result;
        return Linter.Judge(loaded.Plan, Catalog, loaded.Environment.House, Now, starts: false);
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
