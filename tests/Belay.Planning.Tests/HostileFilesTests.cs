using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Belay.Planning.Tests;

/// <summary>Whatever a file holds: a plan or diagnostics, soon, and never an exception.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private static readonly string Cases = Path.Combine(AppContext.BaseDirectory, "cases");
    private readonly string folder = Directory.CreateTempSubdirectory("belay-planning-").FullName;

    public HostileFilesTests()
    {
        foreach (var name in new[] { "environments", "migrations", "parts" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Cases, name)))
                File.Copy(file, Path.Combine(folder, name, Path.GetFileName(file)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Random_bytes_give_diagnostics() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), IsAnswered).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Mutated_plans_give_a_plan_or_diagnostics()
    {
        var plan = File.ReadAllText(Path.Combine(Cases, "all-kinds.yaml"));
        var scraps = new[]
        {
            "",
            "${",
            "}",
            "[",
            "{",
            "- ",
            ": ",
            "\t",
            "\"",
            "'",
            "&a ",
            "*a",
            "!t ",
            "|\n",
            "\n",
            "~",
            "\u0000",
            "# ",
            "? ",
            "---\n",
            "%YAML 9\n",
            "${env.servers}",
            "${steps.a.b}",
        };
        var mutation =
            from places in Gen.Choose(0, plan.Length - 1).ListOf(4)
            from lengths in Gen.Choose(0, 12).ListOf(4)
            from words in Gen.Elements(scraps).ListOf(4)
            select places.Zip(lengths, words);
        var mutated = mutation.Select(m => m.Aggregate(plan, Mutate));
        Prop.ForAll(Arb.From(mutated), text => IsAnswered(Encoding.UTF8.GetBytes(text)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void A_file_of_fifty_megabytes_is_refused_without_reading_it()
    {
        var path = Path.Combine(folder, "large.yaml");
        using (var file = File.Create(path))
            file.SetLength(50_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.IsType<LoadResult.Refused>(Load(path));
        Assert.Contains("larger than 4 MB", Assert.Single(refused.Diagnostics).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Theory]
    [InlineData("&a [", 100_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 200_000)]
    [InlineData("? ", 200_000)]
    [InlineData("'", 500_000)]
    [InlineData("a: 1\n", 100_000)]
    [InlineData("- ${x\n", 300_000)]
    [InlineData("*a ", 400_000)]
    public void A_long_repetition_is_answered_within_seconds(string scrap, int times)
    {
        var watch = Stopwatch.StartNew();
        Assert.True(IsAnswered(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(scrap, times)))));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void A_plan_that_is_not_there_is_a_diagnostic()
    {
        var refused = Assert.IsType<LoadResult.Refused>(Load(Path.Combine(folder, "nowhere.yaml")));
        Assert.Contains("there is no such file", Assert.Single(refused.Diagnostics).Message, StringComparison.Ordinal);
    }

    private static string Mutate(string text, (int Place, int Length, string Word) m)
    {
        var place = Math.Min(m.Place, text.Length);
        return string.Concat(text.AsSpan(0, place), m.Word, text.AsSpan(Math.Min(text.Length, place + m.Length)));
    }

    private bool IsAnswered(byte[] content)
    {
        var path = Path.Combine(folder, "plan.yaml");
        File.WriteAllBytes(path, content);
        return Load(path) switch
        {
            LoadResult.Loaded => true,
            LoadResult.Refused refused => !refused.Diagnostics.IsEmpty,
            _ => false,
        };
    }

    private static LoadResult Load(string path) =>
        PlanLoader.Load(path, "default", new Dictionary<string, string>(), FakeCatalog.Make(), _ => null);
}
