using System.Globalization;

namespace Mutation;

/// <summary>A process that judges one mutant after the other: their numbers come in, a line for each goes out. Whoever started it ends it when a mutant hangs.</summary>
internal static class Worker
{
    public static int Run(int lives, int from)
    {
        var engine = new EngineCode();
        var mutants = Generator.Of(engine);
        while (Console.In.ReadLine() is { } line)
        {
            var mutant = mutants[int.Parse(line, CultureInfo.InvariantCulture)];
            Console.Out.WriteLine($"{mutant.Number}\t{Judged(engine, mutant, lives, from)}");
            Console.Out.Flush();
        }
        return 0;
    }

    private static string Judged(EngineCode engine, Mutant mutant, int lives, int from) =>
        engine.With(mutant) is not { } image ? "uncompiled\t"
        : engine.IsSame(image) ? "equivalent\t"
        : Judge.Notice(image, lives, from) is { } noticed ? $"noticed\t{noticed}"
        : "survived\t";
}
