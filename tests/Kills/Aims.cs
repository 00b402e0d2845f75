using System.Collections.Immutable;

namespace Kills;

/// <summary>Which steps of one call of belay are to be hit, and where. Drawn from the seed; the rarest window first.</summary>
internal static class Aims
{
    private const double ForwardShare = 0.85;

    // The steps of a way back are hit at different places of it.
    private const double BackShare = 0.4;

    private static readonly Window[] Forward = [Window.AfterTheIntent, Window.DuringTheEffect, Window.BeforeTheResult];

    /// <summary>Draws aims for the way forward and the way back.</summary>
    public static ImmutableDictionary<string, Window> Draw(
        IReadOnlyList<string> steps,
        bool back,
        Tally tally,
        Random random
    )
    {
        var aims = ImmutableDictionary.CreateBuilder<string, Window>();
        foreach (var step in steps)
        {
            if (random.NextDouble() < (back ? BackShare : ForwardShare))
                aims[step] = back ? Window.DuringUndo : WindowFor(step, tally, random);
        }
        return aims.ToImmutable();
    }

    private static Window WindowFor(string step, Tally tally, Random random)
    {
        Window[] possible =
        [
            .. Forward.Where(window =>
                window switch
                {
                    Window.BeforeTheResult => step != "backup",
                    Window.DuringTheEffect => step is not ("setting" or "note"),
                    _ => true,
                }
            ),
        ];
        return random.Next(2) == 0 ? possible[random.Next(possible.Length)] : tally.Rarest(possible);
    }
}
