using System.Globalization;
using SimulatedWorld.Lives;

namespace Simulation;

public sealed class RandomLivesTests(ITestOutputHelper output)
{
    /// <summary>How many lives, and from which seed; a longer search sets these.</summary>
    private static readonly int Lives = Setting("BELAY_SIMULATION_LIVES", 3000);
    private static readonly int Seed = Setting("BELAY_SIMULATION_SEED", 1);

    [Fact]
    public void No_life_of_a_run_doubles_loses_or_strands_an_effect()
    {
        var search = new Search { Enough = Setting("BELAY_SIMULATION_VIOLATIONS", 5) };
        search.Run(Seed, Lives);
        output.WriteLine($"{search.Lived} lives from seed {Seed}");
        foreach (var (kind, times) in search.Tally.Kinds)
            output.WriteLine($"{kind}: {times}");
        Assert.True(search.Violations.Count == 0, string.Join("\n\n", search.Violations));
        // A search that never met a kind of trouble says nothing about it.
        if (Lives >= 3000)
            Assert.Empty(Kinds.Expected.Where(kind => !search.Tally.Has(kind)));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
