namespace Belay.Releases.Comparing;

/// <summary>Guesses what something is called now: by the words of its name, and by what it holds.</summary>
internal static class Likeness
{
    /// <summary>Less than this is no likeness worth a word.</summary>
    private const double Least = 0.5;

    /// <summary>Something with a name and what it holds.</summary>
    public sealed record Thing(string Name, string Meaning);

    /// <summary>The name among others that is most alike; null when none is, or two are equally.</summary>
    public static string? Best(Thing thing, IEnumerable<Thing> others)
    {
        var ranked = others
            .Select(other => (other.Name, Score: Score(thing, other)))
            .OrderByDescending(o => o.Score)
            .ToArray();
        return ranked is [var best, ..] && best.Score >= Least && (ranked.Length == 1 || ranked[1].Score < best.Score)
            ? best.Name
            : null;
    }

    /// <summary>0: nothing in common; 1: the same. Half of it is the name, half of it what it holds.</summary>
    public static double Score(Thing a, Thing b) =>
        (0.6 * Names(a.Name, b.Name)) + (a.Meaning == b.Meaning && a.Meaning.Length > 4 ? 0.4 : 0);

    // The share of common words; of names without any, the share of the common beginning and end.
    private static double Names(string a, string b)
    {
        var (first, second) = (Words(a), Words(b));
        var common = first.Intersect(second, StringComparer.OrdinalIgnoreCase).Count();
        var words = 2.0 * common / (first.Length + second.Length);
        var begin = a.AsSpan().CommonPrefixLength(b);
        var end = 0;
        while (end < Math.Min(a.Length, b.Length) - begin && a[^(end + 1)] == b[^(end + 1)])
            end++;
        return Math.Max(words, 2.0 * (begin + end) / (a.Length + b.Length));
    }

    private static string[] Words(string name)
    {
        var spaced = string.Concat(
            name.Select((c, i) => char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]) ? $" {c}" : c.ToString())
        );
        return spaced.Split(['.', '_', '-', ' ', '/', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
    }
}
