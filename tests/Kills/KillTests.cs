using System.Diagnostics;
using System.Globalization;

namespace Kills;

public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>Wanted in ./test; more by the variable.</summary>
    private const int Fewest = 20;

    [Fact]
    public async Task A_run_that_is_killed_in_every_window_ends_with_each_effect_exactly_once_or_taken_back()
    {
        var ct = TestContext.Current.CancellationToken;
        var wanted = Number("BELAY_KILLS") ?? Fewest;
        var seed = Number("BELAY_KILLS_SEED") ?? (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000);
        var tally = new Tally(wanted, wanted >= 200 ? 20 : Math.Max(1, wanted / 4));
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        await using var servers = await Servers.StartAsync(ct);
        var runs = 0;
        try
        {
            for (; !tally.IsEnough; runs++)
                await OneAsync(servers, $"kills_{seed}_{runs}", tally, random, ct);
        }
        finally
        {
            output.WriteLine($"{tally}; {runs} runs, seed {seed}, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        }
    }

    private static async Task OneAsync(Servers servers, string name, Tally tally, Random random, CancellationToken ct)
    {
        using var folder = new RunFolder(name);
        await folder.PrepareAsync(servers, ct);
        await using (var logs = await TargetLogs.OpenAsync(servers, folder, ct))
        {
            var run = new OneRun(servers, folder, logs, tally, random);
            await run.RunAsync(ct);
            await run.JudgeAsync(ct);
        }
        await servers.Database.ExecuteAsync($"drop database {name} with (force)", ct: ct);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
