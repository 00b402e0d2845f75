namespace Storefront.Tests;

/// <summary>One demonstration from its begin to its end: what it printed, and what it left.</summary>
internal sealed class Show : IDisposable
{
    private const string StatusCall = "$ belay status";
    private const string RollbackCall = "$ belay rollback";
    private static readonly string Belay = Path.Combine(AppContext.BaseDirectory, "belay");

    private readonly string folder;

    private Show(string folder, string output) => (this.folder, Output) = (folder, output);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>All that was printed.</summary>
    public string Output { get; }

    /// <summary>What stood on the screen when the run had halted, before anybody asked for more.</summary>
    public string Halt => Between(" HALTED since ", StatusCall);

    /// <summary>What the way back printed, to its end.</summary>
    public string Rollback => Between(RollbackCall, "what the customers saw");

    private string Proof => Between("what the customers saw", "$ belay lint");

    public static async Task<Show> OfAsync(params string[] words)
    {
        var place = Directory.CreateTempSubdirectory("belay-show-test-").FullName;
        using var demo = DemoProcess.Start(place, Belay, words);
        var output = await demo.StandardOutput.ReadToEndAsync(Ct);
        await demo.WaitForExitAsync(Ct);
        // The place stays when it went wrong: its logs say why.
        Assert.True(demo.ExitCode == 0, $"{place}\n{output}");
        Assert.Empty(DemoProcess.AllIn(place));
        return new Show(place, output);
    }

    /// <summary>The halt said what, why, where, how the system stands and the three ways on; and <c>belay status</c> says the same later.</summary>
    public void Halted(string at, string operation, string why)
    {
        var run = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(folder, ".belay", "runs"))));
        foreach (var said in (string[])[Halt, Between(StatusCall, RollbackCall)])
        {
            Assert.Matches($@"what happened +\S.*{System.Text.RegularExpressions.Regex.Escape(why)}", said);
            Assert.Matches($@"where +'{at}' \({operation}.*\) at \S*upgrade\.yaml:\d+", said);
            Assert.Matches(@"the system +\d+ changes stand: .*backup-orders", said);
            Assert.Matches(@"way back +exact: all \d+ changes can be taken back", said);
            foreach (var way in (string[])["resume", "rollback", "abandon"])
                Assert.Contains($"belay {way} {run}", said, StringComparison.Ordinal);
        }
    }

    /// <summary>Each step was taken back and verified, and the old release serves.</summary>
    public void WentBack()
    {
        Assert.Contains("rolled back, each step verified", Rollback, StringComparison.Ordinal);
        Assert.Contains("no change of this run stands", Rollback, StringComparison.Ordinal);
        LostNothing(release: "4.1.0", schema: 41);
    }

    /// <summary>What the customers saw, as the load generator and the stores tell it, and that the report was written.</summary>
    public void LostNothing(string release, int schema)
    {
        foreach (
            var line in (string[])
                [
                    $"release now +{release} on schema {schema},",
                    "requests sent +[1-9][0-9]{2,} ",
                    "requests failed +0$",
                    "sessions lost +0 of 20000$",
                    "orders lost +0 of [1-9][0-9]* acknowledged",
                ]
        )
            Assert.Matches($"(?m)^ +{line}", Proof);
        var report = Assert.Single(Directory.GetFiles(folder, "report.html", SearchOption.AllDirectories));
        Assert.Contains(report, Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Between(string from, string to)
    {
        var begin = Output.IndexOf(from, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : Output.IndexOf(to, begin, StringComparison.Ordinal);
        Assert.True(end > 0, $"nothing was printed between '{from}' and '{to}':\n{Output}");
        return Output[begin..end];
    }
}
