using System.Diagnostics;
using System.Text;
using Belay.Domain.Environments;
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

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/stdin")]
    [InlineData("pipe")]
    public void A_device_or_a_pipe_in_the_place_of_a_file_is_not_waited_for(string file)
    {
        using (var made = Process.Start("mkfifo", [Path.Combine(folder, "pipe")]))
            made.WaitForExit();

        Assert.True(IsAnswered(Encoding.UTF8.GetBytes(Migrating(file))));
        Assert.True(
            IsAnswered(
                Encoding.UTF8.GetBytes($"belay: 1\nupgrade: a\nfrom: 1\nto: 2\nsteps: [{{ use: \"{file}\" }}]\n")
            )
        );
    }

    [Fact]
    public void A_link_to_a_file_counts_as_what_the_file_holds()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "link.sql"), Path.Combine(folder, "migrations", "001.sql"));

        Assert.Equal(HashOf("migrations/001.sql"), HashOf("link.sql"));

        string HashOf(string file)
        {
            Assert.True(IsAnswered(Encoding.UTF8.GetBytes(Migrating(file))));
            var loaded = Assert.IsType<LoadResult.Loaded>(Load(Path.Combine(folder, "plan.yaml")));
            return loaded.Plan.Files.Single(known => known.Path == file).Sha256;
        }
    }

    [Fact]
    public void What_a_diagnostic_quotes_is_one_line_and_not_endless()
    {
        var path = Path.Combine(folder, "plan.yaml");
        File.WriteAllText(path, Migrating($"\\u001b[2J{new string('a', 50_000)}"));

        var refused = Assert.IsType<LoadResult.Refused>(Load(path));

        Assert.All(refused.Diagnostics, said => Assert.True(said.Message.Length < 1100));
        Assert.All(refused.Diagnostics, said => Assert.DoesNotContain('\u001b', said.Message));
    }

    [Fact]
    public void A_freeze_until_the_last_day_that_there_is_has_no_end()
    {
        File.WriteAllText(
            Path.Combine(folder, "environments", "default.yaml"),
            "policies: { freezes: [{ from: 0001-01-01, to: 9999-12-31, zone: America/New_York, reason: closed }, { from: 0001-01-01, to: \"9999-12-31 23:59\", zone: Asia/Tokyo, reason: closed }] }\n"
        );
        File.WriteAllText(
            Path.Combine(folder, "plan.yaml"),
            "belay: 1\nupgrade: a\nfrom: 1\nto: 2\nsteps: [{ soak: 1s }]\n"
        );

        var loaded = Assert.IsType<LoadResult.Loaded>(Load(Path.Combine(folder, "plan.yaml")));

        Assert.IsType<CalendarAnswer.Frozen>(
            loaded.Environment.House.Policies.Calendar.At(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero))
        );
    }

    private static string Migrating(string file) =>
        $"belay: 1\nupgrade: a\nfrom: 1\nto: 2\nsteps:\n  - do: store.migrate\n    with: {{ connection: db, directory: \"{file}\", to: 2 }}\n";

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
