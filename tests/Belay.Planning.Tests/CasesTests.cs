using System.Text;
using System.Text.Json;
using Belay.Domain.Plans;

namespace Belay.Planning.Tests;

/// <summary>
/// Pairs in <c>cases/</c>: a plan <c>NAME.yaml</c>, and beside it the exact tree <c>NAME.json</c> or the exact diagnostics <c>NAME.txt</c>.
/// Inputs of a plan stand in its first lines as <c># input NAME=VALUE</c>, its environment as <c># env NAME</c>.
/// With <c>BELAY_WRITE_CASES=1</c> in the environment the expected files are written anew; read the difference before it is committed.
/// </summary>
public sealed class CasesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cases");

    private static readonly string[] Kinds = ["json", "txt"];

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plan_reads_as_its_pair_says(string name)
    {
        var plan = Path.Combine(Folder, $"{name}.yaml");
        var (kind, actual) = Read(plan);
        if (Environment.GetEnvironmentVariable("BELAY_WRITE_CASES") == "1")
            Write(name, kind, actual);
        var expected = Kinds.Select(k => Path.Combine(SourceFolder(), $"{name}.{k}")).Single(File.Exists);
        Assert.Equal(File.ReadAllText(expected), actual);
        Assert.EndsWith(kind, expected, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_least_forty_pairs_and_most_are_errors()
    {
        Assert.True(Cases().Count >= 40);
        Assert.True(Directory.EnumerateFiles(SourceFolder(), "*.txt").Count() > 30);
    }

    private static (string Kind, string Text) Read(string plan)
    {
        var comments = File.ReadLines(plan, Encoding.Latin1)
            .TakeWhile(l => l.StartsWith("# ", StringComparison.Ordinal))
            .ToArray();
        var inputs = comments
            .Where(l => l.StartsWith("# input ", StringComparison.Ordinal))
            .Select(l => l["# input ".Length..].Split('=', 2))
            .ToDictionary(p => p[0], p => p[1]);
        var environment = comments
            .FirstOrDefault(l => l.StartsWith("# env ", StringComparison.Ordinal))
            ?["# env ".Length..];
        var result = PlanLoader.Load(plan, environment ?? "default", inputs, FakeCatalog.Make(), _ => null);
        return result switch
        {
            LoadResult.Loaded loaded => ("json", Indented(loaded.Plan)),
            LoadResult.Refused refused => ("txt", Lines(refused)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static string Lines(LoadResult.Refused refused) =>
        string.Concat(refused.Diagnostics.Select(d => $"{d}\n")).Replace($"{Folder}/", "", StringComparison.Ordinal);

    private static string Indented(Plan plan)
    {
        var buffer = new MemoryStream();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions
                {
                    Indented = true,
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        using (var tree = JsonDocument.Parse(PlanJson.Write(plan)))
            tree.WriteTo(writer);
        return $"{Encoding.UTF8.GetString(buffer.ToArray())}\n";
    }

    private static void Write(string name, string kind, string text)
    {
        File.Delete(Path.Combine(SourceFolder(), $"{name}.json"));
        File.Delete(Path.Combine(SourceFolder(), $"{name}.txt"));
        File.WriteAllText(Path.Combine(SourceFolder(), $"{name}.{kind}"), text);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "cases");
}
