namespace Belay.Domain.Lint.PolicyRules;

/// <summary>Patterns of resources, in which <c>*</c> stands for any characters.</summary>
internal static class ResourcePattern
{
    /// <summary>Whether the pattern fits the name, or could once the references in the name are filled in.</summary>
    public static bool MayMatch(string pattern, string name)
    {
        var (left, right) = (Pieces(pattern), Pieces(name));
        // Which places of the name can be reached with so much of the pattern read; both may stand for any characters.
        var reached = new bool[right.Count + 1];
        reached[0] = true;
        Spread(right, reached);
        foreach (var sign in left)
        {
            var next = new bool[right.Count + 1];
            for (var i = 0; i <= right.Count; i++)
            {
                if (!reached[i])
                    continue;
                if (sign is null)
                {
                    for (var j = i; j <= right.Count; j++)
                        next[j] = true;
                    break;
                }
                if (i < right.Count && right[i] == sign)
                    next[i + 1] = true;
                if (i < right.Count && right[i] is null)
                    next[i] = true;
            }
            Spread(right, next);
            reached = next;
        }
        return reached[right.Count];
    }

    /// <summary>What stands for any characters may stand for none.</summary>
    private static void Spread(List<char?> name, bool[] reached)
    {
        for (var i = 0; i < name.Count; i++)
        {
            if (reached[i] && name[i] is null)
                reached[i + 1] = true;
        }
    }

    /// <summary>The characters; null for any number of any characters.</summary>
    private static List<char?> Pieces(string text)
    {
        var pieces = new List<char?>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                pieces.Add(null);
            }
            else if (
                text.AsSpan(i).StartsWith("${", StringComparison.Ordinal) && text.IndexOf('}', i) is > 0 and var end
            )
            {
                pieces.Add(null);
                i = end;
            }
            else
            {
                pieces.Add(text[i]);
            }
        }
        return pieces;
    }
}
