using System.Globalization;
using SimulatedWorld;

namespace Simulation;

public sealed class RandomLivesTests(ITestOutputHelper output)
{
    /// <summary>How many lives, and from which seed; a longer search sets these.</summary>
    private static readonly int Lives = Setting("BELAY_SIMULATION_LIVES", 3000);
    private static readonly int Seed = Setting("BELAY_SIMULATION_SEED", 1);

    [Fact]
    public void No_life_of_a_run_doubles_loses_or_strands_an_effect()
    {
        var reached = new Dictionary<Fault, int>();
        var violations = new List<string>();
        for (var seed = Seed; seed < Seed + Lives && violations.Count < 5; seed++)
        {
            var story = new Story(seed);
            if (story.Live() is { } violation)
                violations.Add(violation);
            foreach (var (fault, times) in story.Stage.World.Reached)
                reached[fault] = reached.GetValueOrDefault(fault) + times;
        }
        output.WriteLine($"{Lives} lives from seed {Seed}; faults reached: {string.Join(", ", reached)}");
        Assert.True(violations.Count == 0, string.Join("\n\n", violations));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
