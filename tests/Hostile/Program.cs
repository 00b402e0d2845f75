using System.Globalization;

namespace Hostile;

/// <summary>The suite; with a first word of its own, the long search or the replay of one input.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) =>
        args switch
        {
            ["search", var seed, var count] => Search(Number(seed), Number(count)),
            ["samples"] => Samples(),
            ["replay", var seed, ..] => Replay(Number(seed), args.ElementAtOrDefault(2)),
            _ => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args,
                SelfRegisteredExtensions.AddSelfRegisteredExtensions
            ),
        };

    private static int Search(int seed, int count)
    {
        // One core: the others of the machine work on.
        var hunt = new Hunt(hunters: 1);
        hunt.Run(seed, count);
        Console.WriteLine(hunt.Figures);
        foreach (var finding in hunt.Findings)
            Console.WriteLine($"{finding}\n");
        return hunt.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>Shows which of the good inputs are taken for good ones.</summary>
    private static int Samples()
    {
        using var hunter = new Hunter();
        foreach (var (target, sample, refusal) in hunter.TrySamples())
            Console.WriteLine($"{target}\t{sample}\t{refusal ?? "accepted"}");
        return 0;
    }

    /// <summary>Shows what a seed makes, and what becomes of it.</summary>
    private static int Replay(int seed, string? file)
    {
        using var hunter = new Hunter();
        var made = hunter.Make(seed);
        if (file is not null)
            File.WriteAllBytes(file, made.Bytes);
        Console.WriteLine($"{made.Target}, {made.Sample}, {made.Bytes.Length} bytes");
        Console.WriteLine(hunter.Try(seed)?.ToString() ?? $"no finding: {hunter.Refusal ?? "it is accepted"}");
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
