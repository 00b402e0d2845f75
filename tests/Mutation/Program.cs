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
            ["search", var sample, var seed, var lives, var file] => await SearchAsync(
                Number(sample),
                Number(seed),
                Number(lives),
                file
            ),
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

    private static async Task<int> SearchAsync(int sample, int seed, int lives, string file)
    {
        var search = new MutantSearch(lives, file);
        await search.RunAsync(sample, seed);
        Console.WriteLine(search.Figures);
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
