namespace Belay.Planning;

/// <summary>Finds the known name that was probably meant.</summary>
public sealed class NearestName
{
    // A hostile file with thousands of wrong names must not cost a comparison of each with thousands of known ones.
    private int comparisonsLeft = 200_000;

    /// <summary><c>did you mean 'x'?</c>, or else the known names where they are few; null when there is nothing to say.</summary>
    public string? Hint(string wrong, IReadOnlyCollection<string> known, string plural)
    {
        if (Of(wrong, known) is { } near)
            return $"did you mean '{near}'?";
        return known.Count is > 0 and <= 12
            ? $"known {plural}: {string.Join(", ", known.Order(StringComparer.Ordinal))}"
            : null;
    }

    /// <summary>The nearest name within a third of the letters; null when none is near.</summary>
    public string? Of(string wrong, IEnumerable<string> known)
    {
        var limit = Math.Max(1, Math.Min(wrong.Length, 64) / 3);
        string? best = null;
        var least = limit + 1;
        foreach (var name in known)
        {
            if (Math.Abs(name.Length - wrong.Length) > limit || --comparisonsLeft < 0)
                continue;
            var distance = Distance(wrong, name);
            if (distance < least)
                (least, best) = (distance, name);
        }
        return best;
    }

    /// <summary>How many letters must be put in, left out, replaced, or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 80 || b.Length > 80)
            return int.MaxValue;
        Span<int> older = stackalloc int[b.Length + 1];
        Span<int> above = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
            }
            above.CopyTo(older);
            row.CopyTo(above);
        }
        return above[b.Length];
    }
}
