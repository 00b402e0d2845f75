using System.Globalization;

namespace Mutation;

/// <summary>The suite; with a first word of its own, the worker or the search through all mutants.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) =>
        args switch
        {
            ["worker", var lives, var from] => Worker.Run(Number(lives), Number(from)),
            ["list"] => List(),
            ["search", var sample, var seed, var lives, var workers, var commit, var file] => await SearchAsync(
                Number(sample),
                Number(seed),
                new MutantSearch(Number(lives), Number(workers), file),
                $"commit {commit}, {sample} drawn by seed {seed}"
            ),
            ["one", var number, var lives] => One(Number(number), Number(lives)),
            _ => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args,
                SelfRegisteredExtensions.AddSelfRegisteredExtensions
            ),
        };

    private static int List()
    {
        foreach (var mutant in Generator.Of(new EngineCode()))
            Console.WriteLine($"{mutant.Number}\t{mutant}");
        return 0;
    }

    /// <summary>Judges one mutant in this process, and tells all of what noticed it.</summary>
    private static int One(int number, int lives)
    {
        var engine = new EngineCode();
        var mutant = Generator.Of(engine)[number];
        Console.WriteLine(mutant);
        Console.WriteLine(
            engine.With(mutant) is { } image ? Judge.Notice(image, lives, from: 1) ?? "survived" : "uncompiled"
        );
        return 0;
    }

    private static async Task<int> SearchAsync(int sample, int seed, MutantSearch search, string about)
    {
        if (search.Calibrate(about) is { } violation)
        {
            Console.Error.WriteLine($"the engine as it is does not come through: {violation}");
            return 1;
        }
        await search.RunAsync(sample, seed);
        Console.WriteLine(search.Figures);
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
