namespace Belay.Releases.Merging;

/// <summary>Merges texts that are no values: comments, spaces, the writing of keys. What only the new release changed is taken, otherwise the operator's stays.</summary>
internal static class ThreeWay
{
    public static T Pick<T>(T? old, T mine, T theirs)
        where T : class => old is not null && Equals(mine, old) ? theirs : mine;

    public static bool Pick(bool? old, bool mine, bool theirs) => old == mine ? theirs : mine;
}
