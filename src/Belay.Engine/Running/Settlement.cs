using Belay.Domain.Contract;

namespace Belay.Engine.Running;

/// <summary>What to do with a change that was begun and of which no result is journaled. Pure.</summary>
internal abstract record Settlement
{
    private Settlement() { }

    /// <summary>The work is there: take it over.</summary>
    internal sealed record Adopt : Settlement;

    /// <summary>Apply it, again or for the first time.</summary>
    internal sealed record Apply : Settlement;

    /// <summary>The target is at work on it: look again.</summary>
    internal sealed record Await : Settlement;

    /// <summary>Nobody but a person can tell.</summary>
    internal sealed record Doubt(string Why) : Settlement;

    /// <summary>Decides from what can be seen now, never from memory.</summary>
    /// <param name="repeat">What repeating means.</param>
    /// <param name="intended">What was left to do when the intent was journaled.</param>
    /// <param name="left">What is left to do now.</param>
    /// <param name="sameAsBefore">The target looks as it did before the intent.</param>
    /// <param name="trace">What the target knows of the step's token; null when the change carries none.</param>
    /// <param name="word">A person's word: it happened, or it did not; null: none was given.</param>
    public static Settlement Decide(
        Repeat repeat,
        Difference intended,
        Difference left,
        bool sameAsBefore,
        TokenTrace? trace,
        bool? word
    ) =>
        (left.IsEmpty, trace, word, repeat) switch
        {
            (true, _, _, _) => new Adopt(),
            (_, TokenTrace.Done, _, _) => new Adopt(),
            (_, TokenTrace.Running, _, _) => new Await(),
            (_, _, true, _) => new Adopt(),
            (_, _, false, _) => new Apply(),
            (_, TokenTrace.Unknown, _, Repeat.ByToken) => new Apply(),
            (_, _, _, Repeat.Safe) when sameAsBefore || IsPartOf(left, intended) => new Apply(),
            (_, _, _, Repeat.Safe) => new Doubt(
                "the target is neither as it was before, nor on the way that was planned: something else changed it"
            ),
            _ => new Doubt("the work was begun, its end is not known, and repeating it may do it twice"),
        };

    // Our own work, half done, leaves a part of what was planned; anything else in the difference is somebody else's doing.
    private static bool IsPartOf(Difference left, Difference intended)
    {
        var planned = intended.Lines.Select(line => (line.What, line.To)).ToHashSet();
        return left.Reversal <= intended.Reversal && left.Lines.All(line => planned.Contains((line.What, line.To)));
    }
}
