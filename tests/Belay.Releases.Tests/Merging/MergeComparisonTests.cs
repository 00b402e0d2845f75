using System.Globalization;
using System.Text;

namespace Belay.Releases.Tests.Merging;

/// <summary>The table of the guide that holds <c>belay release merge</c> against other ways; each of its columns is run again where its program is.</summary>
public sealed class MergeComparisonTests : IDisposable
{
    private const string Begin = "<!-- begin of the table; made by MergeComparisonTests with BELAY_WRITE_DOCS=1 -->\n";
    private const string End = "<!-- end of the table -->";

    private readonly MergeTools tools = new();

    public void Dispose() => tools.Dispose();

    [Fact]
    public void The_guides_table_is_what_a_run_gives()
    {
        Assert.SkipWhen(MergeTools.Git is null, "there is no git here: its column was not run");
        var path = Path.Combine(Repository.Root, "docs/guide/release-merge.md");
        var page = File.ReadAllText(path);
        var (from, to) = (
            page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
            page.IndexOf(End, StringComparison.Ordinal)
        );
        var rows = MergeCase.All.Select(Row).ToArray();
        if (Environment.GetEnvironmentVariable("BELAY_WRITE_DOCS") is not null)
        {
            Assert.SkipWhen(MergeTools.Helm is null, "the table is written where helm is");
            File.WriteAllText(path, page[..from] + Table(rows) + page[to..]);
            return;
        }
        var written = page[from..to].Split('\n');
        Assert.All(
            rows,
            row =>
            {
                var line = Assert.Single(
                    written,
                    l => l.Contains($"(../../tests/Belay.Releases.Tests/cases/{row[0]})", StringComparison.Ordinal)
                );
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                Assert.Equal([row[2], row[3]], cells[2..4]);
                // Without helm its columns stay as they were run.
                if (MergeTools.Helm is not null)
                    Assert.Equal([row[4], row[5]], cells[4..6]);
            }
        );
    }

    private string[] Row(MergeCase tried) =>
        [
            tried.Name,
            tried.About,
            MergeTools.Belay(tried),
            MergeTools.MergeFile(tried),
            MergeTools.Helm is null ? "" : tools.ReuseValues(tried),
            MergeTools.Helm is null ? "" : tools.ResetThenReuse(tried),
        ];

    private static string Table(string[][] rows)
    {
        var table = new StringBuilder(
            "| case | belay | git merge-file | helm --reuse-values | helm --reset-then-reuse-values |\n| --- | --- | --- | --- | --- |\n"
        );
        foreach (var row in rows)
            table.Append(
                CultureInfo.InvariantCulture,
                $"| [{row[1]}](../../tests/Belay.Releases.Tests/cases/{row[0]}) | {string.Join(" | ", row[2..])} |\n"
            );
        table.Append("| **right: exact, right values, or asks where a person must choose** |");
        for (var column = 2; column < 6; column++)
        {
            var tried = rows.Where(row => row[column] != "no YAML").ToArray();
            var right = tried.Count(row => row[column] is "exact" or "right values" or "asks" or "asks again");
            table.Append(CultureInfo.InvariantCulture, $" **{right} of {tried.Length}** |");
        }
        return table.Append('\n').ToString();
    }
}
